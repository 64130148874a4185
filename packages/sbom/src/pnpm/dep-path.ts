/** What stands before the peers in brackets: `react-dom@18.2.0(react@18.2.0)` is react-dom@18.2.0. */
export const withoutPeers = (path: string): string => {
	const bracket = path.indexOf('(');
	return bracket < 0 ? path : path.slice(0, bracket);
};

/** Name and version of a key: `/@scope/name@1.0.0` (version 6), `@scope/name@1.0.0` (9). */
export const parseDepPath = (
	path: string,
): { readonly name: string; readonly version: string } | undefined => {
	const plain = withoutPeers(path).replace(/^\//, '');
	const at = plain.indexOf('@', plain.startsWith('@') ? 1 : 0);
	if (at <= 0) return undefined;
	return { name: plain.slice(0, at), version: plain.slice(at + 1) };
};

/**
 * The key that a dependency points to: `1.0.0(peer@2)` below its own name; an alias, an address or an older key stands
 * for itself; `link:` names a folder of the project.
 */
export const toKeys = (name: string, version: string): readonly string[] =>
	version.startsWith('/') ? [version] : [`${name}@${version}`, `/${name}@${version}`, version, `/${version}`];
