# One static library per room: migrate_room(<name> [ROOMS room...] [LINK private library...]).
# The sources are every .cpp file of the room's folder; the doors are include/migrate/<name>/.
function(migrate_room name)
  cmake_parse_arguments(arg "" "" "ROOMS;LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp
                                      ${CMAKE_SOURCE_DIR}/src/${name}/*/*.cpp)
  add_library(migrate_${name} STATIC ${sources})
  add_library(migrate::${name} ALIAS migrate_${name})
  set_target_properties(migrate_${name} PROPERTIES EXPORT_NAME ${name} POSITION_INDEPENDENT_CODE ON)
  target_compile_features(migrate_${name} PUBLIC cxx_std_20)
  target_include_directories(migrate_${name}
    PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>
    PRIVATE ${CMAKE_SOURCE_DIR}/src)
  foreach(room IN LISTS arg_ROOMS)
    target_link_libraries(migrate_${name} PUBLIC migrate::${room})
  endforeach()
  target_link_libraries(migrate_${name} PRIVATE ${arg_LINK} $<BUILD_INTERFACE:migrate_warnings>)
  if(name STREQUAL "base")
    target_precompile_headers(migrate_base PRIVATE ${CMAKE_SOURCE_DIR}/cmake/precompiled.hpp)
  else()
    target_precompile_headers(migrate_${name} REUSE_FROM migrate_base)
  endif()
endfunction()
