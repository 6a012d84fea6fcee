# Build and install evcalc in one form into WORK/prefix:
# cmake -DSOURCE= -DWORK= -DFORM=static|shared -DWERROR= -DGENERATOR= -DC= -DCXX= -P install.cmake
set(shared OFF)
if(FORM STREQUAL shared)
  set(shared ON)
endif()
file(REMOVE_RECURSE ${WORK}/prefix)
foreach(step IN ITEMS
    "-G;${GENERATOR};-S;${SOURCE};-B;${WORK}/build;-DCMAKE_BUILD_TYPE=Release;-DBUILD_TESTING=OFF;-DBUILD_SHARED_LIBS=${shared};-DEVCALC_WERROR=${WERROR};-DCMAKE_C_COMPILER=${C};-DCMAKE_CXX_COMPILER=${CXX};-DCMAKE_INSTALL_LIBDIR=lib"
    "--build;${WORK}/build"
    "--install;${WORK}/build;--prefix;${WORK}/prefix")
  execute_process(COMMAND ${CMAKE_COMMAND} ${step} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
