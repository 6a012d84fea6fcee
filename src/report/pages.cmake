# Turns the pages into a C file with their table and checks them on the way:
#
#   cmake -DINPUT=pages.txt -DOUTPUT=pages.c -P pages.cmake
#
# pages.txt explains its own format; pages.h declares the table. Whatever is wrong with the input
# stops the build with its line. A code without a page, or a page without its code, stops the
# compiler.
cmake_minimum_required(VERSION 3.25)

set(levels documented inferred chosen)
set(abouts calculation notification request event fields)
set(keys about type event calculation right-fields limits also wrong right)
set(default_type configuration.commitment.updated)
set(longest_text 4000) # of a string literal; C11 promises 4,095
set(widest 80)         # bytes of a line of text

function(fail text)
  message(FATAL_ERROR "${INPUT}:${line_number}: ${text}")
endfunction()

# `text` as a string literal, or NULL when it is empty.
function(quote text result)
  string(LENGTH "${text}" length)
  if(length GREATER longest_text)
    fail("a text on the page ${code} is longer than ${longest_text} bytes")
  endif()
  if(length EQUAL 0)
    set(${result} NULL PARENT_SCOPE)
    return()
  endif()
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REPLACE "\n" "\\n\"\n                \"" text "${text}")
  set(${result} "\"${text}\"" PARENT_SCOPE)
endfunction()

# Write out the page that the variables `code`, `what`, `why` … hold.
function(finish_page)
  if(code STREQUAL "")
    return()
  endif()
  foreach(part IN ITEMS what why wrong right)
    if("${${part}}" STREQUAL "")
      fail("the page ${code} has no ${part}")
    endif()
  endforeach()
  if("${about}" STREQUAL "")
    set(about calculation)
  endif()
  if("${about}" MATCHES "^(calculation|event)$" AND "${type}" STREQUAL "")
    set(type ${default_type})
  endif()
  if("${about}" STREQUAL "event" AND "${calculation}" STREQUAL "")
    fail("the page ${code} is about an event and has no calculation")
  endif()
  foreach(part IN ITEMS what why wrong right type event calculation right-fields limits also)
    quote("${${part}}" "${part}_text")
  endforeach()
  string(TOUPPER "${code}" id)
  string(REPLACE "-" "_" id "${id}")
  string(TOUPPER "EVC_PAGE_${level}" level)
  string(TOUPPER "EVC_PAGE_${about}" about)
  set(pages "${pages}    [EVC_CODE_${id}] =
        {.what = ${what_text},
         .why = ${why_text},
         .level = ${level},
         .about = ${about},
         .wrong = ${wrong_text},
         .right = ${right_text},
         .type = ${type_text},
         .event = ${event_text},
         .calculation = ${calculation_text},
         .right_fields = ${right-fields_text},
         .limits = ${limits_text},
         .also = ${also_text}},
" PARENT_SCOPE)
endfunction()

function(check_width)
  string(LENGTH "${line}" length)
  if(length GREATER widest)
    fail("this line has more than ${widest} bytes")
  endif()
endfunction()

file(READ "${INPUT}" rest)
set(line_number 0)
set(code "")
set(codes "")
set(pages "")
set(block none) # where the line stands: none, what, why, examples

while(NOT "${rest}" STREQUAL "")
  math(EXPR line_number "${line_number} + 1")
  string(FIND "${rest}" "\n" end)
  if(end LESS 0)
    fail("the last line has no line end")
  endif()
  string(SUBSTRING "${rest}" 0 ${end} line)
  math(EXPR next "${end} + 1")
  string(SUBSTRING "${rest}" ${next} -1 rest)

  if("${line}" MATCHES "^#")
    continue()
  elseif("${line}" STREQUAL "")
    if(block STREQUAL "what" AND NOT "${what}" STREQUAL "")
      set(block before-why)
    elseif(block STREQUAL "why" AND NOT "${why}" STREQUAL "")
      set(block examples)
    endif()
  elseif("${line}" MATCHES "^== ([a-z0-9-]+)$")
    set(new_code "${CMAKE_MATCH_1}")
    finish_page()
    set(code "${new_code}")
    if(code IN_LIST codes)
      fail("the page ${code} is given twice")
    endif()
    list(APPEND codes "${code}")
    set(block what)
    foreach(part IN ITEMS what why level ${keys})
      set(${part} "")
    endforeach()
  elseif(block STREQUAL "none")
    fail("this stands before the first page: ${line}")
  elseif(block STREQUAL "what" OR block STREQUAL "why")
    check_width()
    if(NOT "${${block}}" STREQUAL "")
      string(APPEND ${block} "\n")
    endif()
    string(APPEND ${block} "${line}")
  elseif(block STREQUAL "before-why")
    if(NOT "${line}" MATCHES "^why ([a-z]+)$")
      fail("the second block starts with `why LEVEL`, not with: ${line}")
    endif()
    set(level "${CMAKE_MATCH_1}")
    if(NOT level IN_LIST levels)
      fail("${level} is no level")
    endif()
    set(block why)
  elseif("${line}" MATCHES "^([a-z-]+) (.+)$")
    set(key "${CMAKE_MATCH_1}")
    set(value "${CMAKE_MATCH_2}")
    if(NOT key IN_LIST keys)
      fail("${key} is no key of an example")
    elseif(NOT "${${key}}" STREQUAL "")
      fail("${key} is given twice")
    elseif(key STREQUAL "about" AND NOT value IN_LIST abouts)
      fail("examples cannot be about ${value}")
    endif()
    set(${key} "${value}")
  else()
    fail("an example is made of lines KEY VALUE, and this is none: ${line}")
  endif()
endwhile()
finish_page()
list(LENGTH codes page_count)

file(WRITE "${OUTPUT}"
"/* Made from pages.txt by pages.cmake: change that file instead. */
#include \"report/pages.h\"

_Static_assert(EVC_CODE_END - EVC_CODE_NONE - 1 == ${page_count},
               \"every code of codes.h has its page in pages.txt\");

const evc_page evc_pages[EVC_CODE_END] = {
${pages}};
")
