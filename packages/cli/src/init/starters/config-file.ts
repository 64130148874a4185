import type { DebFacts, Facts } from '../facts/facts.ts';
import { isPlaceholder, type Library } from '../library.ts';
import { type Noted, noted, type Tree, type TreeMap, toYamlText } from '../yaml.ts';
import type { TargetType } from './callers.ts';

/** What slipway.yml differs in besides the project. */
export interface ConfigOptions {
	readonly library: Library;
	readonly targets: readonly TargetType[];
	/** A Sigstore of one's own: where its SigningConfig and trusted root lie. */
	readonly sigstore?: { readonly services: string; readonly trustedRoot: string } | undefined;
	/** The apt repository: where users fetch it from, and the name that apt shows. */
	readonly apt: { readonly url: string; readonly origin: string };
}

/** Branches that hold nothing else. */
export const JOURNAL_BRANCH = 'slipway';
export const APT_BRANCH = 'slipway-apt';

const toCommands = (commands: readonly (readonly string[])[]): Tree =>
	commands.map((words) => noted(words, { flow: true }));

const toBuild = (facts: Facts, withDebs: boolean): TreeMap | undefined => {
	const more = withDebs ? { commands: facts.debCommands, outputs: [] } : facts.plain;
	const commands = [...facts.commands, ...(more?.commands ?? [])];
	const outputs = [...facts.outputs, ...(more?.outputs ?? [])];
	if (commands.length === 0 && outputs.length === 0) return undefined;
	return {
		commands:
			commands.length === 0
				? undefined
				: noted(toCommands(commands), {
						above:
							'Run once, in this folder; lists of words, no shell reads them. What they make is what everybody gets.',
					}),
		outputs:
			outputs.length === 0 ? undefined : noted(outputs, { above: 'Ready files that the commands made.' }),
	};
};

const toDeb = (deb: DebFacts, { metadata, hasManifest, hasMaintainer }: Facts): TreeMap => ({
	name: deb.name,
	architecture: deb.architecture,
	...(hasManifest && fitsSummary(metadata.description) ? {} : { summary: toSummary(metadata.description) }),
	...(hasManifest ? {} : { homepage: metadata.homepage, license: metadata.license }),
	maintainer: hasMaintainer ? undefined : metadata.maintainer,
	depends: deb.depends.length === 0 ? undefined : noted(deb.depends, { flow: true }),
	files: deb.files.map((file) => noted({ ...file }, { flow: true })),
	links: Object.keys(deb.links).length === 0 ? undefined : { ...deb.links },
});

const fitsSummary = (text: string | undefined): boolean =>
	text !== undefined && text.length <= 80 && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);

/** The first words of a description that fit on a line of 80 characters. */
const toSummary = (text: string | undefined): string | undefined => {
	const line = text
		?.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
		.trim()
		.replace(/\.$/, '');
	if (!line) return undefined;
	return line.length <= 80 ? line : line.slice(0, 80).replace(/\s+\S*$/, '');
};

const toTargets = ({ targets, apt }: ConfigOptions): TreeMap => {
	const all: Record<TargetType, Noted> = {
		npm: noted(
			{ type: 'npm' },
			{
				above:
					'Uploaded under a dist-tag that nobody installs from; `latest` moves when every target holds its bytes.',
			},
		),
		apt: noted(
			{
				type: 'apt',
				store: noted({ branch: APT_BRANCH }, { flow: true }),
				url: noted(apt.url, { behind: 'the branch above, as GitHub Pages shows it' }),
				origin: noted(apt.origin, { behind: 'never change it: apt asks every user about that' }),
				'signing-key': noted({ environment: 'APT_SIGNING_KEY' }, { flow: true }),
				'trusted-keys': noted(['signing-key.pub.asc'], {
					flow: true,
					behind: 'the public half: most jobs read the repository and hold no key',
				}),
			},
			{ above: 'A signed repository in a branch of its own. `slipway apt keys` makes the key.' },
		),
		github: noted(
			{ type: 'github' },
			{
				above:
					'A release with every artifact, SBOM and signature; a draft until everything is visible together.',
			},
		),
	};
	return Object.fromEntries(targets.map((type) => [type, all[type]]));
};

const toIdentity = ({ identity }: Facts): TreeMap => ({
	project: identity.project,
	version:
		identity.version && noted(identity.version, { behind: 'names the release; the tag is v and this' }),
});

const toSchemaLine = (library: Library): string =>
	isPlaceholder(library)
		? ''
		: `yaml-language-server: $schema=https://raw.githubusercontent.com/${library.repository}/HEAD/slipway.schema.json\n\n`;

const toHead = ({ hasManifest }: Facts, { library }: ConfigOptions): string =>
	`${toSchemaLine(library)}What Slipway builds here and where it releases to.${
		hasManifest ? ' What is not said here comes from package.json.' : ''
	}`;

const toSign = ({ sigstore }: ConfigOptions): Noted =>
	sigstore === undefined
		? noted({}, { above: 'Signed with the identity of the workflow: there is no key to keep.', apart: true })
		: noted(
				{ services: sigstore.services, 'trusted-root': sigstore.trustedRoot },
				{ above: 'Signed at a Sigstore of our own, with the identity of the workflow.', apart: true },
			);

/** slipway.yml of a project. */
export const toConfigFile = (facts: Facts, options: ConfigOptions): string => {
	const withDebs = options.targets.includes('apt') && facts.debs.length > 0;
	const build = toBuild(facts, withDebs);
	return toYamlText(
		{
			...toIdentity(facts),
			build: build && noted(build, { apart: true }),
			npm:
				options.targets.includes('npm') && facts.npmPackages
					? noted({ packages: facts.npmPackages }, { above: 'Private packages are left out.', apart: true })
					: undefined,
			deb: withDebs
				? noted(
						facts.debs.map((deb) => toDeb(deb, facts)),
						{ apart: true },
					)
				: undefined,
			sign: toSign(options),
			targets: noted(toTargets(options), { apart: true }),
			journal: noted(
				{ branch: JOURNAL_BRANCH },
				{
					above:
						'Plans and outcomes, so that any run can go on where another one ended. The branch holds nothing else.',
					apart: true,
				},
			),
		},
		toHead(facts, options),
	);
};
