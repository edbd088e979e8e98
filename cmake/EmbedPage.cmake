# A page of docs goes into the program: embed_page(<target> <file below docs> <function>) makes std::string_view <function>().
function(embed_page target page function)
  set(path ${PROJECT_SOURCE_DIR}/docs/${page})
  file(READ ${path} content)
  string(CONCAT text "#include <string_view>\n\nnamespace migrate::ui {\n\n"
    "std::string_view ${function}() {\n  return R\"embedded_page(${content})embedded_page\";\n}\n\n}  // namespace migrate::ui\n")
  set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/${function}.cpp CONTENT "@text@" @ONLY)
  target_sources(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated/${function}.cpp)
endfunction()
