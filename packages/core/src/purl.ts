import { SlipwayError } from './error.ts';

export type PurlCode = 'PURL_INVALID';

/** A package URL (purl-spec): which package, in which ecosystem, at which version. */
export interface Purl {
	readonly type: string;
	/** npm: "@scope"; deb: the vendor. */
	readonly namespace?: string | undefined;
	readonly name: string;
	readonly version?: string | undefined;
	/** deb: arch. */
	readonly qualifiers?: Readonly<Record<string, string>> | undefined;
}

/** purl-spec, "Character encoding": all but letters, digits, `.-_~` and the colon. */
const encode = (text: string): string =>
	encodeURIComponent(text)
		.replaceAll('%3A', ':')
		.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** The canonical text of a purl, for example `pkg:npm/%40acme/greet@1.2.0` or `pkg:deb/tally@1.2.0-1?arch=amd64`. */
export const toPurl = ({ type, namespace, name, version, qualifiers = {} }: Purl): string => {
	const path = [namespace, name].filter((part) => part !== undefined).map(encode);
	const query = Object.entries(qualifiers)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, value]) => `${key}=${encode(value)}`);
	return `pkg:${type}/${path.join('/')}${version === undefined ? '' : `@${encode(version)}`}${query.length > 0 ? `?${query.join('&')}` : ''}`;
};

const PURL = /^pkg:([a-z][a-z0-9.+-]*)\/(?:([^/@?#]+)\/)?([^/@?#]+)(?:@([^@?#]+))?(?:\?([^#]+))?$/;

const invalid = (text: string, cause?: unknown): SlipwayError =>
	new SlipwayError<PurlCode>(
		'PURL_INVALID',
		`expected a package URL, got ${JSON.stringify(text.slice(0, 200))}`,
		{ hint: 'A package URL reads pkg:TYPE/NAME@VERSION (purl-spec).', cause },
	);

/** A plus is a plus here, not a blank as in HTML forms. */
const parseQualifiers = (query: string): Readonly<Record<string, string>> =>
	Object.fromEntries(new URLSearchParams(query.replaceAll('+', '%2B')));

/** @throws SlipwayError PURL_INVALID */
export const parsePurl = (text: string): Purl => {
	const [, type, namespace, name, version, query] = PURL.exec(text) ?? [];
	if (!type || !name) throw invalid(text);
	const decode = (part: string | undefined) => (part === undefined ? undefined : decodeURIComponent(part));
	try {
		return {
			type,
			namespace: decode(namespace),
			name: decodeURIComponent(name),
			version: decode(version),
			qualifiers: parseQualifiers(query ?? ''),
		};
	} catch (cause) {
		throw invalid(text, cause); // a percent sign that encodes nothing
	}
};

/** The same package without its version and qualifiers: what a pointer belongs to. */
export const toSubjectId = (purl: string): string => {
	const { type, namespace, name } = parsePurl(purl);
	return toPurl({ type, namespace, name });
};
