# Install rules, the CMake package (find_package(migrate) gives migrate::migrate) and the Debian packages.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/migrate)
get_property(rooms GLOBAL PROPERTY MIGRATE_ROOMS)
list(TRANSFORM rooms PREPEND migrate_ OUTPUT_VARIABLE room_targets)

add_library(migrate_library INTERFACE)
add_library(migrate::migrate ALIAS migrate_library)
set_target_properties(migrate_library PROPERTIES EXPORT_NAME migrate)
target_link_libraries(migrate_library INTERFACE ${room_targets})

install(TARGETS migrate_library ${room_targets} EXPORT migrateTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
  INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT migrateTargets NAMESPACE migrate:: DESTINATION ${package_dir} COMPONENT development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/migrate ${PROJECT_BINARY_DIR}/include/migrate
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.hpp")

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/migrateConfig.cmake.in
  ${PROJECT_BINARY_DIR}/migrateConfig.cmake INSTALL_DESTINATION ${package_dir})
# Before 1.0 a minor version may break what was built against another.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/migrateConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/migrateConfig.cmake ${PROJECT_BINARY_DIR}/migrateConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT development)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/cmake/modules DESTINATION ${package_dir} COMPONENT development)

if(TARGET migrate)
  install(TARGETS migrate RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)

  # The completion scripts come from the program itself.
  function(install_completion shell folder name)
    set(file ${PROJECT_BINARY_DIR}/completion/${shell}/${name})
    add_custom_command(OUTPUT ${file} VERBATIM
      COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/completion/${shell}
      COMMAND ${CMAKE_COMMAND} -E chdir ${PROJECT_BINARY_DIR}/completion
              $<TARGET_FILE:migrate> completion ${shell} > ${file}
      DEPENDS migrate)
    add_custom_target(completion_${shell} ALL DEPENDS ${file})
    install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} COMPONENT program)
  endfunction()
  install_completion(bash bash-completion/completions migrate)
  install_completion(zsh zsh/vendor-completions _migrate)
  install_completion(fish fish/vendor_completions.d migrate.fish)
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/migrate COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/migrate COMPONENT program)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE RENAME copyright
  DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/libmigrate-dev COMPONENT development)

# `cpack -G DEB` makes migrate_<version>_<architecture>.deb and libmigrate-dev_<version>_<architecture>.deb.
if(NOT PROJECT_IS_TOP_LEVEL)
  return()
endif()
set(CPACK_PACKAGE_NAME migrate)
set(CPACK_PACKAGE_VENDOR "migrate developers")
set(CPACK_PACKAGE_CONTACT "migrate developers <developers@migrate.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "A schema-migration tool for PostgreSQL. Revisions are plain SQL files in a graph\
 with branches and merges; each runs in a transaction with its journal row, and what can't run in one is resumed.")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME migrate)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS postgresql)

set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "The libraries of migrate, for programs that embed it.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libmigrate-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "pkg-config | pkgconf, libpqxx-dev, libpq-dev, libpg-query-dev,\
 libprotobuf-c-dev, libfmt-dev, libspdlog-dev, libtomlplusplus-dev, libssl-dev, nlohmann-json3-dev")
include(CPack)
