# Install rules, the CMake package and CPack.
