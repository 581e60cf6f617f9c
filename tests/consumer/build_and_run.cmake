# Installs gram where WAY is find_package, then configures, builds and runs project/ in the folder WORK.
cmake_minimum_required(VERSION 3.24)

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE text ERROR_VARIABLE text)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "${command}\n${text}")
  endif()
  message("${text}")
endfunction()

file(REMOVE_RECURSE "${WORK}")
set(arguments "-DGRAM_WAY=${WAY}" "-DGRAM_SOURCE=${GRAM_SOURCE}" "${XSIMD}")
if(WAY STREQUAL "find_package")
  run("${CMAKE_COMMAND}" --install "${GRAM_BUILD}" --prefix "${WORK}/prefix")
  # gram's build folder must not help: only what was installed counts.
  list(APPEND arguments "-DCMAKE_PREFIX_PATH=${WORK}/prefix")
endif()

run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/project" -B "${WORK}/build" -G "${GENERATOR}"
  "-DCMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}" "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_BUILD_TYPE=Debug ${arguments})
run("${CMAKE_COMMAND}" --build "${WORK}/build" --config Debug)
run("${CMAKE_CTEST_COMMAND}" --test-dir "${WORK}/build" -C Debug --no-tests=error --output-on-failure)
