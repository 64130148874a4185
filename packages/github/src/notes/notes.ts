import type { Context, Subject } from '@slipway/core';
import { restOf, type Target } from '../publisher/target.ts';
import { readLatest } from '../release/release.ts';
import { readChanges } from './changes.ts';
import { toChangesSection, toDigestsSection, toOwnSection, toVerifySection } from './sections.ts';

const PROVENANCE = 'provenance.sigstore.json';

const CUT = '\n\n… (cut: the notes are longer than GitHub takes)';

/** At the end of a line, so that no markup is left open within one. */
const cutText = (text: string, room: number): string => {
	if (text.length <= room) return text;
	const kept = text.slice(0, Math.max(room - CUT.length, 0));
	return `${kept.slice(0, Math.max(kept.lastIndexOf('\n'), 0))}${CUT}`;
};

/** As encodeURIComponent, and the signs that would end a link in Markdown. */
const toUrlPart = (text: string): string =>
	encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Where the difference is shown; names are encoded. */
const toCompareUrl = ({ rest }: Target, base: string, head: string): string =>
	`${rest.origins.web}/${rest.repository}/compare/${toUrlPart(base)}...${toUrlPart(head)}`;

/** The release before: what latest was when the plan was made; beside it (pre-releases) what latest is now. */
const findPrevious = async (target: Target, { pointer }: Subject, context: Context): Promise<string | null> =>
	pointer.previous ?? (await readLatest(restOf(target, context)));

/**
 * The notes of a release: what changed since the one before (from commits and merged pull requests), what slipway.yml says of
 * compatibility and known issues, the digests, and how to verify. What comes first is cut last: digests and commands are
 * kept whole, and the changes give way.
 * @param room most characters
 */
export const toNotes = async (
	target: Target,
	subject: Subject,
	{ context, room }: { readonly context: Context; readonly room: number },
): Promise<string> => {
	const rest = restOf(target, context);
	const { artifacts, pointer } = subject;
	const previous = await findPrevious(target, subject, context);
	const head = (await target.source())?.commit ?? pointer.next;
	const changes = previous === null ? undefined : await readChanges(rest, { base: previous, head });
	const url = previous === null ? undefined : toCompareUrl(target, previous, pointer.next);
	const { compatibility, 'known-issues': knownIssues } = target.notes;
	const signer = await target.signer();
	const others = [
		toOwnSection('Compatibility', compatibility),
		toOwnSection('Known issues', knownIssues),
		toDigestsSection(artifacts),
		toVerifySection({ artifacts, repository: rest.repository, signer, bundle: PROVENANCE }),
	];
	const fixed = others.filter((section) => section !== undefined).join('\n\n');
	const first = cutText(toChangesSection({ changes, previous, url }), room - fixed.length - 2);
	return cutText(`${first}\n\n${fixed}`, room);
};
