/* Field lists as the API returns them, checked before anything is added. */
import { EvcalcError } from "./wire.js";

/** `GET …/events/fields`: the fields of Event types; or `GET …/events/types`: their names. */
export interface FieldList {
  events: Record<string, Record<string, string>> | string[];
}

/** An Event type to add: its fields, or null where only its name is known. */
export interface ListedType {
  name: string;
  fields: [path: string, word: string][] | null;
}

const expected = '{"events": {"<eventName>": {"<path>": "<type word>"}}}';

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parse JSON, or take what was parsed. */
export function fromJson(json: unknown, what: string): unknown {
  if (typeof json !== "string") return json;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new EvcalcError("json-malformed", `${what} is not JSON: ${(error as Error).message}`);
  }
}

export function readFieldList(list: unknown): ListedType[] {
  const parsed = fromJson(list, "the field list");
  const shape = (what: string): EvcalcError =>
    new EvcalcError("json-shape", `${what}; expected is ${expected}`);
  if (!isObject(parsed)) throw shape("this is no field list");
  const { events } = parsed;
  if (events === undefined) throw shape('there is no "events"');
  if (Array.isArray(events))
    return events.map((name) => {
      if (typeof name !== "string") throw shape("an Event type is told by its name, a string");
      return { name, fields: null };
    });
  if (!isObject(events)) throw shape('"events" holds no field lists');
  return Object.entries(events).map(([name, fields]) => {
    if (!isObject(fields)) throw shape(`the field list of ${name} is no object`);
    return {
      name,
      fields: Object.entries(fields).map(([path, word]) => {
        if (typeof word !== "string") throw shape(`the type of the field ${path} is no string`);
        return [path, word];
      }),
    };
  });
}
