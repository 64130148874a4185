import * as v from 'valibot';

type Described = {
	readonly type: string;
	readonly entries?: Record<string, Described>;
	readonly wrapped?: Described;
	readonly item?: Described;
	readonly value?: Described;
	readonly options?: readonly Described[];
	readonly pipe?: readonly Described[];
};

/** The schema of what lies one key further in. */
const descend = (schema: Described, key: string | number, input: unknown): Described | undefined => {
	if (schema.wrapped) return descend(schema.wrapped, key, input);
	if (schema.entries) return schema.entries[key];
	return schema.item ?? schema.value;
};

const toKeys = (schema: Described | undefined, input: object): readonly string[] => {
	if (!schema) return [];
	if (schema.wrapped) return toKeys(schema.wrapped, input);
	if (schema.entries) return Object.keys(schema.entries);
	const chosen = schema.options?.find((option) =>
		v.is(option.entries?.type as never, (input as { type?: unknown }).type),
	);
	return toKeys(chosen, input);
};

/** Levenshtein distance, one row at a time. */
const toDistance = (a: string, b: string): number => {
	let row = Array.from({ length: b.length + 1 }, (_, index) => index);
	for (const [i, character] of [...a].entries()) {
		const next = [i + 1];
		for (const [j, other] of [...b].entries()) {
			next.push(
				Math.min((row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1, (row[j] ?? 0) + (character === other ? 0 : 1)),
			);
		}
		row = next;
	}
	return row.at(-1) ?? 0;
};

interface Place {
	readonly schema: v.BaseSchema<unknown, unknown, v.BaseIssue<unknown>>;
	/** Keys from the document down to the object that the key stands in. */
	readonly parents: readonly (string | number)[];
	readonly input: object;
}

/** Words of other tools' files for what has another name here. */
const MEANT: ReadonlyMap<string, string> = new Map([['name', 'project']]);

/** The known key at this place of a document that is meant by another word, or is spelled most like `key`, if one is near enough to be meant. */
export const findNearest = (key: string, { schema, parents, input }: Place): string | undefined => {
	if (key.length > 64) return undefined;
	let found: Described | undefined = schema as unknown as Described;
	for (const parent of parents) found = found && descend(found, parent, input);
	const keys = toKeys(found, input);
	const meant = MEANT.get(key);
	if (meant !== undefined && keys.includes(meant)) return meant;
	const [best] = keys
		.map((known) => ({ known, distance: toDistance(key.toLowerCase(), known) }))
		.sort((a, b) => a.distance - b.distance);
	return best && best.distance <= Math.max(2, Math.floor(key.length / 3)) ? best.known : undefined;
};
