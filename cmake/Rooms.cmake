# One static library per room: migrate_room(<name> [ROOMS room...] [LINK private library...]).
# The sources are every .cpp file of the room's folder; the doors are include/migrate/<name>/.
configure_file(${PROJECT_SOURCE_DIR}/include/migrate/version.hpp.in
               ${PROJECT_BINARY_DIR}/include/migrate/version.hpp @ONLY)

# The precompiled header knows fmt and nothing else: what a room defines of its own must not be in it.
add_library(migrate_pch OBJECT ${PROJECT_SOURCE_DIR}/cmake/empty.cpp)
target_link_libraries(migrate_pch PRIVATE fmt::fmt migrate_warnings)
target_precompile_headers(migrate_pch PRIVATE ${PROJECT_SOURCE_DIR}/cmake/precompiled.hpp)

set_property(GLOBAL PROPERTY MIGRATE_ROOMS)

function(migrate_room name)
  cmake_parse_arguments(arg "" "" "ROOMS;LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  if(NOT sources)
    message(STATUS "Room ${name} has no source yet: left out")
    return()
  endif()
  add_library(migrate_${name} STATIC ${sources})
  add_library(migrate::${name} ALIAS migrate_${name})
  set_target_properties(migrate_${name} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(migrate_${name} PUBLIC cxx_std_20)
  target_include_directories(migrate_${name}
    PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
    PRIVATE ${PROJECT_SOURCE_DIR}/src)
  foreach(room IN LISTS arg_ROOMS)
    if(TARGET migrate::${room})
      target_link_libraries(migrate_${name} PUBLIC migrate::${room})
    endif()
  endforeach()
  target_link_libraries(migrate_${name} PRIVATE ${arg_LINK} $<BUILD_INTERFACE:migrate_warnings>)
  if(name STREQUAL "base")
    target_link_libraries(migrate_base PUBLIC fmt::fmt)
  endif()
  target_precompile_headers(migrate_${name} REUSE_FROM migrate_pch)
  set_property(GLOBAL APPEND PROPERTY MIGRATE_ROOMS ${name})
endfunction()
