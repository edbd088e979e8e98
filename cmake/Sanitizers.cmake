# MIGRATE_SANITIZE is a list for -fsanitize, for example "address,undefined" or "thread".
set(MIGRATE_SANITIZE "" CACHE STRING "Sanitizers to build with")
if(MIGRATE_SANITIZE)
  add_compile_options(-fsanitize=${MIGRATE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MIGRATE_SANITIZE})
endif()
