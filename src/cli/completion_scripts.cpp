#include "cli/completion.hpp"

namespace migrate::cli {
namespace {

// readline breaks words at some of "=:@" and replaces only the part behind the last of them, so that much is taken off
// each candidate. Descriptions are for looking at: they go once a single candidate is left, or where it is put in.
constexpr std::string_view bash_script = R"script(# bash completion of migrate:  source <(migrate completion bash)
_migrate_complete() {
  local line="${COMP_LINE:0:COMP_POINT}" words typed=
  read -ra words <<<"$line"
  if [[ $line != *[[:space:]] ]]; then
    typed="${words[${#words[@]}-1]}"
    unset "words[${#words[@]}-1]"
  fi
  local keep= mark
  for mark in = : @; do
    if [[ $COMP_WORDBREAKS == *"$mark"* && $typed == *"$mark"* ]]; then
      local before="${typed%"$mark"*}$mark"
      (( ${#before} > ${#keep} )) && keep="$before"
    fi
  done
  local found=() shown=() word description width=0
  while IFS=$'\t' read -r word description; do
    case $word in
      :files) compopt -o filenames; mapfile -t found < <(compgen -f -- "$typed") ; shown=("${found[@]}"); break ;;
      :folders) compopt -o filenames; mapfile -t found < <(compgen -d -- "$typed"); shown=("${found[@]}"); break ;;
    esac
    word="${word#"$keep"}"
    (( ${#word} > width )) && width=${#word}
    found+=("$word")
    shown+=("$description")
  done < <("${words[0]}" __complete -- "${words[@]:1}" "$typed" 2>/dev/null)
  COMPREPLY=("${found[@]}")
  # 63: a list was asked for by a second Tab. The other ways put candidates into the line.
  if (( ${#found[@]} > 1 && COMP_TYPE == 63 )); then
    local i room=$(( ${COLUMNS:-80} - 1 ))
    COMPREPLY=()
    for i in "${!found[@]}"; do
      if [[ -n ${shown[i]} && ${shown[i]} != "${found[i]}" ]]; then
        printf -v word '%-*s  (%s)' "$width" "${found[i]}" "${shown[i]}"
        COMPREPLY+=("${word:0:room}")
      else
        COMPREPLY+=("${found[i]}")
      fi
    done
  fi
}
complete -o nosort -F _migrate_complete migrate
)script";

constexpr std::string_view zsh_script = R"script(#compdef migrate
# zsh completion of migrate:  source <(migrate completion zsh), or a file _migrate in a folder of $fpath
_migrate() {
  local -a found shown
  local line word
  for line in "${(@f)$(_call_program candidates "${(q)words[1]}" __complete -- "${(@q)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    case $line in
      :files) _files; return ;;
      :folders) _files -/; return ;;
    esac
    word="${line%%$'\t'*}"
    found+=("$word")
    if [[ $line == *$'\t'* ]]; then
      shown+=("${(r:24:)word}  ${line#*$'\t'}")
    else
      shown+=("$word")
    fi
  done
  (( $#found )) || return 1
  compadd -V migrate -l -d shown -a found
}
if [[ $funcstack[1] == _migrate ]]; then
  _migrate "$@"
else
  compdef _migrate migrate
fi
)script";

constexpr std::string_view fish_script = R"script(# fish completion of migrate:  migrate completion fish | source
function __migrate_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    for line in (command $words[1] __complete -- $words[2..-1] "$typed" 2>/dev/null)
        switch $line
            case :files
                __fish_complete_path "$typed"
            case :folders
                __fish_complete_directories "$typed"
            case '*'
                echo $line
        end
    end
end
complete -c migrate -f -k -a '(__migrate_complete)'
)script";

}  // namespace

std::string_view completion_script(std::string_view shell) {
  if (shell == "bash") return bash_script;
  return shell == "zsh" ? zsh_script : fish_script;
}

}  // namespace migrate::cli
