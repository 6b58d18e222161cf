// Changes what a search is narrowed to: gives new filters, and changes none in place.

/** Filters with a value switched on or off. */
export function toggled(filters, name, value) {
  const old = filters[name] ?? [];
  const values = old.includes(value) ? old.filter((other) => other !== value) : [...old, value];
  const { [name]: _, ...rest } = filters;
  return values.length ? { ...rest, [name]: values } : rest;
}

/** Filters with a span of years; null leaves an end open. */
export function withYears(filters, from, to) {
  const { year_from: _, year_to: __, ...rest } = filters;
  return { ...rest, ...(from && { year_from: from }), ...(to && { year_to: to }) };
}

/** Filters without one value, or without one end of the span of years. */
export function removed(filters, name, value) {
  if (name !== "year_from" && name !== "year_to") return toggled(filters, name, value);
  const { [name]: _, ...rest } = filters;
  return rest;
}
