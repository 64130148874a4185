/** One SBOM component, as far as gates look at it. */
export interface Component {
	/** As the SBOM writes it; undefined where it names none. */
	readonly purl: string | undefined;
	/** For people: `name version`. */
	readonly label: string;
	/** SPDX expressions, all of which apply; empty: none is stated. */
	readonly licences: readonly string[];
	/** Only needed to build or test. */
	readonly isDevelopment: boolean;
	/** The artifact itself, or a file of it: nothing that came from elsewhere. */
	readonly isOwn: boolean;
	/** Names of the artifacts whose SBOMs list it. */
	readonly artifacts: readonly string[];
	/** Path of the first SBOM that lists it, in the Release. */
	readonly sbom: string;
}

/** A component in the words of OSV. */
export interface LookUp {
	readonly ecosystem: string;
	readonly name: string;
	readonly version: string;
	/** Release of a distribution, where the purl names one. */
	readonly release?: string | undefined;
}

const ECOSYSTEMS: ReadonlyMap<string, string> = new Map([
	['npm', 'npm'],
	['pypi', 'PyPI'],
	['cargo', 'crates.io'],
	['golang', 'Go'],
	['gem', 'RubyGems'],
	['maven', 'Maven'],
	['nuget', 'NuGet'],
	['composer', 'Packagist'],
	['hex', 'Hex'],
	['pub', 'Pub'],
]);

const DISTRIBUTIONS: ReadonlyMap<string, string> = new Map([
	['debian', 'Debian'],
	['ubuntu', 'Ubuntu'],
]);

const CODE_NAMES: ReadonlyMap<string, string> = new Map([
	['buster', '10'],
	['bullseye', '11'],
	['bookworm', '12'],
	['trixie', '13'],
	['forky', '14'],
	['duke', '15'],
]);

interface Parts {
	readonly type: string;
	readonly names: readonly string[];
	readonly version: string | undefined;
	readonly qualifiers: URLSearchParams;
}

/** purl-spec, as strangers write it too: any count of segments, a subpath. undefined for what is none. */
const parseParts = (purl: string): Parts | undefined => {
	if (!purl.startsWith('pkg:') || purl.length > 2048) return undefined;
	const [main = '', query = ''] = (purl.slice(4).split('#', 1)[0] ?? '').split('?', 2);
	const at = main.lastIndexOf('@');
	const path = at > 0 ? main.slice(0, at) : main;
	try {
		const [type = '', ...names] = path.split('/').filter(Boolean).map(decodeURIComponent);
		const version = at > 0 ? decodeURIComponent(main.slice(at + 1)) : undefined;
		if (names.length === 0) return undefined;
		return {
			type: type.toLowerCase(),
			names,
			version,
			qualifiers: new URLSearchParams(query.replaceAll('+', '%2B')),
		};
	} catch {
		return undefined; // a percent sign that encodes nothing
	}
};

/** `debian-12.5`, `12`, `bookworm`: 12. */
const toRelease = (distro: string | null): string | undefined => {
	if (distro === null) return undefined;
	const text = distro.replace(/^(debian|ubuntu)-/, '');
	const named = CODE_NAMES.get(text);
	if (named) return named;
	return distro.startsWith('ubuntu') ? text : /^[0-9]+/.exec(text)?.[0];
};

/** Advisories of distributions speak of source packages; syft writes them as `upstream=NAME@VERSION`. */
const toDistribution = ({ names, version, qualifiers }: Parts): LookUp | undefined => {
	const ecosystem = DISTRIBUTIONS.get(names[0]?.toLowerCase() ?? '');
	const [upstream, upstreamVersion] = (qualifiers.get('upstream') ?? '').split('@');
	const found = upstreamVersion ?? version;
	if (!ecosystem || names.length !== 2 || found === undefined) return undefined;
	return {
		ecosystem,
		name: upstream || (names[1] ?? ''),
		version: found,
		release: toRelease(qualifiers.get('distro')),
	};
};

const toName = (type: string, names: readonly string[]): string => {
	if (type === 'maven') return names.join(':');
	const name = names.join('/');
	return type === 'pypi' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name;
};

/** How databases know the package of a purl; undefined where they do not (no version, a vendor's own .deb). */
export const toLookUp = (purl: string): LookUp | undefined => {
	const parts = parseParts(purl);
	if (!parts) return undefined;
	if (parts.type === 'deb') return toDistribution(parts);
	const ecosystem = ECOSYSTEMS.get(parts.type);
	if (!ecosystem || !parts.version) return undefined;
	const version = parts.type === 'golang' ? parts.version.replace(/^v/, '') : parts.version;
	return { ecosystem, name: toName(parts.type, parts.names), version };
};
