/* Events: where in its JSON a field's value stands, and an example to start from. */
import { fromJson, isObject } from "./fields.js";
import { EvcalcError } from "./wire.js";

/** What evc_kind calls a value (include/evcalc/event.h). */
export const enum Kind {
  Null,
  Number,
  String,
  Boolean,
  Map,
  Array,
  Overflow,
}

/** A value of JSON as it is handed over: its kind, its number, and its text where it is one. */
export interface Given {
  kind: Kind;
  number: number;
  text: string;
}

export function given(value: unknown): Given {
  switch (typeof value) {
    case "number":
      return {
        kind: Number.isFinite(value) ? Kind.Number : Kind.Overflow,
        number: value,
        text: "",
      };
    case "boolean":
      return { kind: Kind.Boolean, number: value ? 1 : 0, text: "" };
    case "string":
      return { kind: Kind.String, number: 0, text: value };
    default:
      return {
        kind: Array.isArray(value) ? Kind.Array : isObject(value) ? Kind.Map : Kind.Null,
        number: 0,
        text: "",
      };
  }
}

/** The own member of an object; undefined of anything else. */
function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** Read an event in its full form or in the short one: the value that stands at a path. `fields` are
 * all paths of the type. What is only on the way to fields has to be an object, or null. */
export function readEvent(
  event: unknown,
  eventType: string,
  fields: ReadonlySet<string>,
): (path: string) => unknown {
  const parsed = fromJson(event, "the event");
  if (!isObject(parsed))
    throw new EvcalcError("json-shape", "this is no event; expected is an object");
  const name = member(parsed, "eventName");
  if (name !== undefined && name !== null && typeof name !== "string")
    throw new EvcalcError("json-shape", "eventName is no string");
  if (typeof name === "string" && name !== eventType)
    throw new EvcalcError(
      "event-type-mismatch",
      `the event is of the type ${name}, the calculation of ${eventType}`,
    );
  const onTheWay = (value: unknown, what: string): unknown => {
    if (value === undefined || value === null || isObject(value)) return value;
    throw new EvcalcError("json-shape", `the event's ${what} is no object`);
  };
  const full = Object.hasOwn(parsed, "m3terEvent");
  const data = full
    ? onTheWay(
        member(onTheWay(member(parsed, "m3terEvent"), "m3terEvent"), "eventData"),
        "eventData",
      )
    : parsed;
  return (path) => {
    const names = path.split(".");
    let value: unknown = data;
    for (const [index, written] of names.entries()) {
      const dto = full && index === 0 && (written === "new" || written === "old");
      value = member(value, dto ? `${written}Dto` : written);
      const here = names.slice(0, index + 1).join(".");
      if (here !== path && !fields.has(here)) onTheWay(value, dto ? `${written}Dto` : here);
    }
    return value;
  };
}

interface SampleField {
  path: string;
  type: string;
}

/** What fields of a name usually hold; the first that fits. */
const numbers: [RegExp, number, number][] = [
  // name, new value, old value
  [/spent|used|consumed|drawn/i, 950, 700],
  [/percent|rate$/i, 10, 10],
  [/prepaid/i, 0, 0],
  [/offset|version/i, 0, 0],
  [/interval|quantity|count|days|sequence/i, 1, 1],
  [/amount|total|balance|threshold|value|price|fee|spend/i, 1000, 1000],
];
const strings: [RegExp, string][] = [
  [/currency/i, "USD"],
  [/id$/i, "5f1c"],
  [/email/i, "ada@example.com"],
  [/^dt|timestamp|time$/i, "2026-06-01T09:00:00.000Z"],
  [/enddate|duedate|expiry/i, "2026-12-31"],
  [/date|epoch/i, "2026-01-01"],
  [/status|state/i, "ACTIVE"],
  [/frequency/i, "MONTHLY"],
  [/code$/i, "acme"],
  [/url/i, "https://example.com"],
];

function sampleValue(name: string, type: string, old: boolean): unknown {
  switch (type) {
    case "Number": {
      const row = numbers.find(([pattern]) => pattern.test(name));
      return row ? row[old ? 2 : 1] : 1;
    }
    case "String":
      return strings.find(([pattern]) => pattern.test(name))?.[1] ?? words(name);
    case "Boolean":
      return false;
    case "Map":
      return { tier: "gold" };
    case "Array":
      return [];
    default:
      return null;
  }
}

/** A name as a text: commitmentFeeDescription is "Commitment fee". */
function words(name: string): string {
  const apart = name.replace(/(?<=[a-z])description$/i, "").replace(/([a-z])([A-Z])/g, "$1 $2");
  return apart.charAt(0).toUpperCase() + apart.slice(1).toLowerCase();
}

/** An event in the short form that has a sensible value for every field. */
export function sampleEvent(eventType: string, fields: readonly SampleField[]): object {
  const event: Record<string, unknown> = { eventName: eventType };
  for (const { path, type } of fields) {
    const names = path.split(".");
    const last = names.pop()!;
    let place: Record<string, unknown> | null = event;
    for (const name of names) {
      if (!Object.hasOwn(place, name)) define(place, name, {});
      const below: unknown = place[name];
      if (!isObject(below)) {
        place = null;
        break;
      }
      place = below;
    }
    if (!place || Object.hasOwn(place, last)) continue;
    define(place, last, sampleValue(last, type, path.startsWith("old.")));
  }
  return event;
}

/** Set a member, also one that is called __proto__. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(object, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}
