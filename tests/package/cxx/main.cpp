// The public headers are C++ as well; every handle fits a unique_ptr.
#include <memory>
#include <string_view>

#include <evcalc/evcalc.h>

template <auto release> struct releaser {
  template <typename T> void operator()(T *thing) const { release(thing); }
};
using schema_ptr = std::unique_ptr<evc_schema, releaser<evc_schema_free>>;
using calculation_ptr = std::unique_ptr<evc_calculation, releaser<evc_calculation_free>>;
using event_ptr = std::unique_ptr<evc_event, releaser<evc_event_free>>;

int main() {
  using namespace std::literals;
  const auto type_name = "configuration.commitment.updated"sv;
  const auto text = "new.amount > old.amount AND new.currency == \"USD\""sv;
  const auto json = R"({"new": {"amount": 2, "currency": "USD"}, "old": {"amount": 1}})"sv;

  const schema_ptr schema{evc_schema_builtin(nullptr)};
  const auto *type = evc_schema_find(schema.get(), type_name.data(), type_name.size());
  const calculation_ptr calculation{
      evc_compile(type, text.data(), text.size(), nullptr, nullptr)};
  const event_ptr event{evc_event_new(type, nullptr)};
  if (!calculation || !event) return 1;
  if (evc_event_read_json(event.get(), json.data(), json.size(), calculation.get(), nullptr) !=
      EVC_OK)
    return 1;
  const evc_outcome outcome = evc_evaluate(calculation.get(), event.get());
  return outcome.status == EVC_OK && outcome.value ? 0 : 1;
}
