import * as v from 'valibot';
import { Config } from './config.ts';

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

/** The known key at this place of slipway.yml that is spelled most like `key`, if one is near enough to be meant. */
export const findNearest = (
	key: string,
	parents: readonly (string | number)[],
	input: object,
): string | undefined => {
	if (key.length > 64) return undefined;
	let schema: Described | undefined = Config as unknown as Described;
	for (const parent of parents) schema = schema && descend(schema, parent, input);
	const [best] = toKeys(schema, input)
		.map((known) => ({ known, distance: toDistance(key.toLowerCase(), known) }))
		.sort((a, b) => a.distance - b.distance);
	return best && best.distance <= Math.max(2, Math.floor(key.length / 3)) ? best.known : undefined;
};
