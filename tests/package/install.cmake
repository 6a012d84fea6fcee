# Build and install evcalc in one form into WORK/prefix:
# cmake -DSOURCE= -DWORK= -DFORM=static|shared -DWERROR= -DGENERATOR= -DC= -DCXX= -P install.cmake
cmake_minimum_required(VERSION 3.25)

set(shared OFF)
if(FORM STREQUAL "shared")
  set(shared ON)
endif()
file(REMOVE_RECURSE ${WORK}/prefix)
execute_process(
  COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -S ${SOURCE} -B ${WORK}/build
    -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_BUILD_TYPE=Release
    -DBUILD_SHARED_LIBS=${shared} -DBUILD_TESTING=OFF -DEVCALC_LTO=OFF -DEVCALC_WERROR=${WERROR}
    -DCMAKE_INSTALL_LIBDIR=lib
  COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${WORK}/build COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --install ${WORK}/build --prefix ${WORK}/prefix
  COMMAND_ERROR_IS_FATAL ANY)
