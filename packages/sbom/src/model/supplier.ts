import type { Supplier } from './sbom.ts';

const MAX_LENGTH = 512;

interface PersonObject {
	readonly name?: unknown;
	readonly email?: unknown;
	readonly url?: unknown;
}

const clean = (value: unknown): string | undefined => {
	if (typeof value !== 'string' || value.length > MAX_LENGTH) return undefined;
	// Control and format characters have no place in a name; a line break would forge a line of a report.
	const text = value.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ').trim();
	return text === '' ? undefined : text;
};

const isEmail = (text: string | undefined): boolean =>
	text !== undefined && /^[^\s@<>()]{1,64}@[^\s@<>()]{1,255}$/.test(text);

const toUrl = (text: string | undefined): string | undefined =>
	text !== undefined && /^https?:\/\//.test(text) && URL.canParse(text) ? new URL(text).href : undefined;

/** What stands between two signs. */
const takeBetween = (text: string, open: string, close: string): string | undefined => {
	const start = text.indexOf(open);
	const end = text.indexOf(close, start + 1);
	return start < 0 || end < 0 ? undefined : text.slice(start + 1, end);
};

/** `Name <email> (url)`, every part optional (documentation of package.json, "people fields"). */
const parseShort = (text: string): PersonObject => ({
	name: /^[^<(]*/.exec(text)?.[0],
	email: takeBetween(text, '<', '>'),
	url: takeBetween(text, '(', ')'),
});

/** A person as package manifests write them; undefined where there is no name and no address. */
export const parsePerson = (value: unknown): Supplier | undefined => {
	if (value === null || (typeof value !== 'string' && typeof value !== 'object')) return undefined;
	const person = typeof value === 'string' ? parseShort(clean(value) ?? '') : (value as PersonObject);
	const email = clean(person.email);
	const name = clean(person.name) ?? (isEmail(email) ? email : undefined);
	if (name === undefined) return undefined;
	return { kind: 'person', name, email: isEmail(email) ? email : undefined, url: toUrl(clean(person.url)) };
};

/** The author; else the first maintainer. Nothing is taken from scopes, hosts or repositories. */
export const parseSupplier = (manifest: {
	readonly author?: unknown;
	readonly maintainers?: unknown;
}): Supplier | undefined => {
	const author = parsePerson(manifest.author);
	if (author) return author;
	const maintainers = Array.isArray(manifest.maintainers) ? manifest.maintainers : [manifest.maintainers];
	for (const maintainer of maintainers.slice(0, 100)) {
		const found = parsePerson(maintainer);
		if (found) return found;
	}
	return undefined;
};
