// operator new for tests: fails when failing.h's functions say so.
#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::size_t> calls; // some tests have threads; what follows is set before they start
std::size_t fail_from;
bool only_once, paused;

bool fails() {
  if (paused) return false;
  std::size_t call = ++calls;
  return fail_from != 0 && (only_once ? call == fail_from : call >= fail_from);
}

void *allocate(std::size_t size) { return fails() ? nullptr : std::malloc(size ? size : 1); }

void fail(std::size_t n, bool once) {
  calls = 0;
  fail_from = n;
  only_once = once;
}
} // namespace

extern "C" {
void failing_new_from(std::size_t n) { fail(n, false); }
void failing_new_once(std::size_t n) { fail(n, true); }
std::size_t failing_new_calls() { return calls; }
void failing_new_pause(bool value) { paused = value; }
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
