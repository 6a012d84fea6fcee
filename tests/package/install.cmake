# Build and install evcalc into WORK/prefix; what is in the folder BUILT, if named, is built already:
# cmake -DSOURCE= -DWORK= -DBUILT= -DSHARED=ON|OFF -DWERROR= -DGENERATOR= -DC= -DCXX= -P install.cmake
cmake_minimum_required(VERSION 3.25)

file(REMOVE_RECURSE ${WORK}/prefix)
if(NOT BUILT)
  set(BUILT ${WORK}/build)
  execute_process(
    COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE} -B ${BUILT}
      -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=Release
      -DBUILD_SHARED_LIBS=${SHARED} -DBUILD_TESTING=OFF -DEVCALC_LTO=OFF -DEVCALC_WERROR=${WERROR}
      -DCMAKE_INSTALL_LIBDIR=lib
    COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ${CMAKE_COMMAND} --build ${BUILT} COMMAND_ERROR_IS_FATAL ANY)
endif()
execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILT} --prefix ${WORK}/prefix
  COMMAND_ERROR_IS_FATAL ANY)
