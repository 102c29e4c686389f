#!/usr/bin/env bash
# Puts the texts of Sources/ctl/PluginTemplates into Swift, so that `ctl plugin new` needs no files beside itself.
# One source a language. A test compares what this writes with what is committed.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C
folder=Sources/ctl/PluginTemplates
out=${1:-Sources/ctl/CtlKit/PluginNew/Generated}
end='"""##'

mkdir -p "$out"
for language in c cpp rust swift; do
  source="$out/TemplateTexts+$language.swift"
  {
    echo "// swift-format-ignore-file"
    echo "// Written by deploy/templates.sh (make templates) from $folder/$language. Do not edit."
    echo
    echo "extension TemplateTexts {"
    echo "  static let $language: [TemplateFile] = ["
    (cd "$folder/$language" && find . -type f | sort) | while IFS= read -r file; do
      path=${file#./}
      text="$folder/$language/$path"
      if grep -qF "$end" "$text" || [ -n "$(tail -c 1 "$text")" ]; then
        echo "$text: must end in a newline, and must not contain $end" >&2
        exit 1
      fi
      printf '    TemplateFile(part: "%s", path: "%s", text: ##"""\n' "${path%%/*}" "${path#*/}"
      cat "$text"
      printf '\n%s),\n' "$end"
    done
    echo "  ]"
    echo "}"
  } >"$source"
done
