# libpqxx and libpq through pkg-config: the CMake packages of their versions differ. Gives PkgConfig::PQXX, PkgConfig::PQ.
find_package(PkgConfig REQUIRED)
pkg_check_modules(PQXX REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(PQ REQUIRED IMPORTED_TARGET libpq)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Pqxx REQUIRED_VARS PQXX_FOUND PQ_FOUND VERSION_VAR PQXX_VERSION)
