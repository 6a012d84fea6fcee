// operator new for tests: fails when failing_new_from says so.
#include <cstdlib>
#include <new>

namespace {
std::size_t calls, fail_from;

void *allocate(std::size_t size) {
  calls++;
  if (fail_from != 0 && calls >= fail_from) return nullptr;
  return std::malloc(size ? size : 1);
}
} // namespace

extern "C" void failing_new_from(std::size_t n) {
  calls = 0;
  fail_from = n;
}

void *operator new(std::size_t size) {
  void *memory = allocate(size);
  if (!memory) throw std::bad_alloc();
  return memory;
}
void *operator new[](std::size_t size) { return operator new(size); }
void *operator new(std::size_t size, const std::nothrow_t &) noexcept { return allocate(size); }
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept { return allocate(size); }
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete[](void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void *memory, std::size_t) noexcept { std::free(memory); }
