// Reads fields as JSON lines from standard input, and answers each with what it means and how it is written strictly; with
// null where it is malformed. Numbers are written by their value alone: to JavaScript 1.0 and 1 are one.
import { createInterface } from "node:readline";
import {
  DisplayString, Token, isInnerList, parseDictionary, parseItem, parseList, serializeDictionary, serializeItem, serializeList,
} from "structured-headers";

const kinds = {
  List: [parseList, (members) => members.map(member).join(","), serializeList],
  Dictionary: [parseDictionary, (members) => [...members].map(([key, value]) => `${key}=${member(value)}`).join(","), serializeDictionary],
  Item: [parseItem, member, serializeItem],
};

function member(value) {
  return (isInnerList(value) ? `(${value[0].map(member).join(" ")})` : bareItem(value[0])) + parameters(value[1]);
}

function parameters(map) {
  return [...map].map(([key, value]) => `;${key}=${bareItem(value)}`).join("");
}

function bareItem(value) {
  if (typeof value === "number") return Number.isInteger(value) ? `number ${value}` : `number ${value.toFixed(3)}`;
  if (typeof value === "boolean") return `boolean ${value}`;
  if (typeof value === "string") return `string ${hex(value)}`;
  if (value instanceof Token) return `token ${hex(value.toString())}`;
  if (value instanceof Date) return `date ${value.getTime() / 1000}`;
  if (value instanceof DisplayString) return `display ${hex(value.toString())}`;
  return `bytes ${Buffer.from(value).toString("hex")}`;
}

function hex(text) {
  return Buffer.from(text, "utf8").toString("hex");
}

function read({ type, text }) {
  const [parse, write, serialize] = kinds[type];
  let parsed;
  try {
    parsed = parse(text);
  } catch (error) {
    return { meaning: null, reason: String(error) };
  }

  return { meaning: write(parsed), canonical: serialize(parsed) };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const job = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: job.id, ...read(job) })}\n`);
});
