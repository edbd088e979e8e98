# Every third-party library, found once. Each is linked by one room only (see ARCHITECTURE.md). What a program that
# embeds the static libraries needs of them is found again in migrateConfig.cmake.in: keep the two lists alike.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(Pqxx REQUIRED)
find_package(PgQuery REQUIRED)
