import { type Artifact, toInertText, toMarkdownText, toPrintable } from '@slipway/core';
import { type Change, type Group, toGroups } from './conventional.ts';

const MAX_TITLE = 200;
const MAX_ENTRIES = 300;
const MAX_ROWS = 200;

const toLine = (text: string, { pull, commit }: Change): string =>
	`- ${toInertText(text, MAX_TITLE)} (${pull === undefined ? commit.slice(0, 12) : `#${pull}`})`;

const toGroupText = ({ heading, entries }: Group): string => {
	const lines = entries.map(({ text, change }) => toLine(text, change)).join('\n');
	return heading === undefined ? lines : `### ${heading}\n\n${lines}`;
};

export interface ChangesText {
	/** Undefined: nobody knows. */
	readonly changes: readonly Change[] | undefined;
	/** Tag of the release before; null: there is none. */
	readonly previous: string | null;
	/** Where the whole difference is shown. */
	readonly url: string | undefined;
}

/** The name of a tag may hold all that Markdown is made of. */
const toTagText = (tag: string): string => `<code>${toMarkdownText(toPrintable(tag, MAX_TITLE))}</code>`;

const toSummary = ({ changes, previous }: ChangesText): string | undefined => {
	if (previous === null) return 'The first release.';
	if (changes === undefined) return `What changed since ${toTagText(previous)} could not be read.`;
	return changes.length === 0 ? `Nothing in the repository changed since ${toTagText(previous)}.` : undefined;
};

export const toChangesSection = (given: ChangesText): string => {
	const { changes = [], previous, url } = given;
	const shown = changes.slice(0, MAX_ENTRIES);
	const more = changes.length - shown.length;
	const all =
		url === undefined || previous === null
			? undefined
			: `All changes: [${toTagText(previous)} and this release compared](${url})`;
	const parts = [
		toSummary(given),
		...toGroups(shown).map(toGroupText),
		more > 0 ? `… and ${more} more.` : undefined,
		all,
	];
	return `## Changes\n\n${parts.filter((part) => part !== undefined).join('\n\n')}`;
};

/** A section in the words of slipway.yml. */
export const toOwnSection = (heading: string, text: string | undefined): string | undefined =>
	text === undefined ? undefined : `## ${heading}\n\n${text.trim()}`;

export const toDigestsSection = (artifacts: readonly Artifact[]): string => {
	const rows = artifacts
		.slice(0, MAX_ROWS)
		.map(({ name, digest }) => `| \`${name}\` | \`${digest.sha256}\` |`);
	const more = artifacts.length - rows.length;
	const rest = more > 0 ? `\n\n… and ${more} more: see SHA256SUMS.` : '';
	return `## Digests\n\n| file | sha256 |\n|---|---|\n${rows.join('\n')}${rest}`;
};

/** Who signed, as a verifier has to name them. */
export interface Signer {
	/** Subject of the certificate: the address of the workflow that signed. */
	readonly identity: string;
	/** Who vouched for it. */
	readonly issuer: string;
}

/** Nothing that a shell would read as more than a word. */
const isWord = (text: string): boolean => /^[A-Za-z0-9:/.@_+%=-]{1,500}$/.test(text);

/** Owner and name of the repository whose workflow signed, where another one. */
const toSignerOption = (identity: string, repository: string): string => {
	const [, found] = /^https:\/\/[^/]+\/([^/]+\/[^/]+)\/\.github\/workflows\//.exec(identity) ?? [];
	return found === undefined || found.toLowerCase() === repository.toLowerCase()
		? ''
		: ` --signer-repo ${found}`;
};

export interface VerifyText {
	readonly artifacts: readonly Artifact[];
	readonly repository: string;
	readonly signer: Signer | undefined;
	/** Name of the bundle with the provenance. */
	readonly bundle: string;
}

/** The exact commands for the first file. */
export const toVerifySection = ({ artifacts, repository, signer, bundle }: VerifyText): string => {
	const name = artifacts[0]?.name ?? 'FILE';
	if (!signer || !isWord(signer.identity) || !isWord(signer.issuer))
		return `## How to verify\n\nCompare the sha256 of what you downloaded, for example with \`sha256sum ${name}\`.`;
	const { identity, issuer } = signer;
	const own = `slipway verify ${name} --bundle ${bundle} --identity ${identity} --issuer ${issuer}`;
	const cosign = `cosign verify-blob-attestation --new-bundle-format --bundle ${bundle} --type slsaprovenance1 --certificate-identity ${identity} --certificate-oidc-issuer ${issuer} ${name}`;
	const gh = `gh attestation verify ${name} --repo ${repository}${toSignerOption(identity, repository)}`;
	return [
		'## How to verify',
		`Download \`${name}\` and \`${bundle}\` into one folder:`,
		`\`\`\`sh\n${own}\n\`\`\``,
		'Or with the tools of others (the second one where the attestations were stored at GitHub too):',
		`\`\`\`sh\n${cosign}\n${gh}\n\`\`\``,
	].join('\n\n');
};
