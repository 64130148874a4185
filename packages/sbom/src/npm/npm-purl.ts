import { toPurl } from '@slipway/core';
import type { Origin } from '../graph/graph.ts';
import { toPublicUrl } from '../model/link.ts';

/** The name of an npm package in two parts: `@acme/greet` is greet in the group @acme. */
export const splitName = (name: string): { readonly group: string | undefined; readonly base: string } => {
	const slash = name.startsWith('@') ? name.indexOf('/') : -1;
	return slash < 0
		? { group: undefined, base: name }
		: { group: name.slice(0, slash), base: name.slice(slash + 1) };
};

/** purl-spec, "npm": what does not come from a registry says where it comes from. */
const toQualifiers = (origin: Origin, resolved: string | undefined): Record<string, string> | undefined => {
	const url = toPublicUrl(resolved);
	if (url === undefined) return undefined;
	if (origin === 'git') return { vcs_url: url };
	return origin === 'tarball' ? { download_url: url } : undefined;
};

/** The package URL of an npm package, with its origin where that is no registry. */
export const toNpmPurl = (node: {
	readonly name: string;
	readonly version?: string | undefined;
	readonly origin: Origin;
	readonly resolved?: string | undefined;
}): string => {
	const { group, base } = splitName(node.name);
	const qualifiers = toQualifiers(node.origin, node.resolved);
	return toPurl({
		type: 'npm',
		namespace: group,
		// purl-spec, "npm": names are lower-case; those of old packages with capitals are other packages and stay.
		name: base,
		version: node.version,
		...(qualifiers && { qualifiers }),
	});
};
