# Warnings of our own code only: dependencies come in as SYSTEM includes.
add_library(migrate_warnings INTERFACE)
target_compile_options(migrate_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-qual -Wformat=2 -Wimplicit-fallthrough
  # Members that a designated initializer leaves out have the values that their type gives them.
  -Wno-missing-field-initializers)
if(MIGRATE_WARNINGS_AS_ERRORS)
  target_compile_options(migrate_warnings INTERFACE -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # The optimiser's guesses stay warnings: g++ 12 and later see trouble inside std::string and std::variant.
    target_compile_options(migrate_warnings INTERFACE
      -Wno-error=restrict -Wno-error=maybe-uninitialized -Wno-error=stringop-overflow -Wno-error=array-bounds)
  endif()
endif()
