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

const encode = (text: string): string => encodeURIComponent(text).replaceAll('%3A', ':');

/** The canonical text of a purl, for example `pkg:npm/%40acme/greet@1.2.0` or `pkg:deb/tally@1.2.0-1?arch=amd64`. */
export const toPurl = ({ type, namespace, name, version, qualifiers = {} }: Purl): string => {
	const path = [namespace, name].filter((part) => part !== undefined).map(encode);
	const query = Object.entries(qualifiers)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, value]) => `${key}=${encode(value)}`);
	return `pkg:${type}/${path.join('/')}${version === undefined ? '' : `@${encode(version)}`}${query.length > 0 ? `?${query.join('&')}` : ''}`;
};

const PURL = /^pkg:([a-z][a-z0-9.+-]*)\/(?:([^/@?#]+)\/)?([^/@?#]+)(?:@([^@?#]+))?(?:\?([^#]+))?$/;

/** @throws SlipwayError PURL_INVALID */
export const parsePurl = (text: string): Purl => {
	const match = PURL.exec(text);
	const [, type, namespace, name, version, query] = match ?? [];
	if (!type || !name) {
		throw new SlipwayError<PurlCode>(
			'PURL_INVALID',
			`expected a package URL, got ${JSON.stringify(text.slice(0, 200))}`,
			{
				hint: 'A package URL reads pkg:TYPE/NAME@VERSION (purl-spec).',
			},
		);
	}
	const decode = (part: string | undefined) => (part === undefined ? undefined : decodeURIComponent(part));
	return {
		type,
		namespace: decode(namespace),
		name: decodeURIComponent(name),
		version: decode(version),
		qualifiers: Object.fromEntries(new URLSearchParams(query ?? '')),
	};
};

/** The same package without its version and qualifiers: what a pointer belongs to. */
export const toSubjectId = (purl: string): string => {
	const { type, namespace, name } = parsePurl(purl);
	return toPurl({ type, namespace, name });
};
