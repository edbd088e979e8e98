# ccache where it is installed, told that precompiled headers and the paths of the checkout and of the build folder are no
# reason to compile again: every path is made relative.
find_program(MIGRATE_CCACHE ccache)
mark_as_advanced(MIGRATE_CCACHE)
if(MIGRATE_CCACHE AND PROJECT_IS_TOP_LEVEL)
  foreach(language C CXX)
    if(NOT CMAKE_${language}_COMPILER_LAUNCHER OR CMAKE_${language}_COMPILER_LAUNCHER STREQUAL "ccache")
      set(CMAKE_${language}_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_NOHASHDIR=1
        CCACHE_BASEDIR=/ ${MIGRATE_CCACHE})
    endif()
  endforeach()
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()
