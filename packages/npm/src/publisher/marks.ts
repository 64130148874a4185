import { type ChangeContext, SlipwayError, toPrintable } from '@slipway/core';
import type { NpmCode } from '../code.ts';
import { toEscapedName } from '../package-name.ts';
import { classifyReply } from '../registry/classify-reply.ts';
import { MAX_PACKUMENT_BYTES, toReading } from '../registry/read-packument.ts';
import { parseBody } from '../registry/reply-body.ts';
import { toLostError, toUnreachable } from './errors.ts';
import { readPackage } from './read.ts';
import { type Identity, type Target, toKey } from './target.ts';
import { waitAsAsked } from './wait-as-asked.ts';

const SIGNATURE = ' [slipway]';

/** What people read when they install a version that was taken back. */
export const toWithdrawnMark = (reason: string, previous: string | null): string =>
	`Withdrawn: ${toPrintable(reason, 500)}.${previous === null ? '' : ` Use ${previous}.`}${SIGNATURE}`;

/** What people read who find a version that was uploaded and never released. */
export const toNeverReleasedMark = (reason: string): string =>
	`Never released: ${toPrintable(reason, 500)}.${SIGNATURE}`;

/** Written by withdraw, so that expose may clear it; marks of people are left alone. */
export const isOwnMark = (deprecated: string | boolean | undefined): boolean =>
	typeof deprecated === 'string' && deprecated.endsWith(SIGNATURE);

/** `queued`: the registry does not show the version yet, so it cannot be marked; `denied`: by the registry, in its words. */
export type Marked =
	| { readonly outcome: 'marked' | 'already' | 'queued' }
	| { readonly outcome: 'denied'; readonly reason: string };

interface Mark extends Identity {
	/** Empty: the mark is removed. */
	readonly message: string;
}

/** npm's own document, changed in one field and otherwise sent back as it came. */
interface Document {
	readonly name: string;
	readonly versions: Readonly<Record<string, { deprecated?: string | boolean }>>;
}

const toDocument = (body: Uint8Array, name: string): Document => {
	const value = parseBody(body) as Partial<Document> | undefined;
	if (value?.name === name && typeof value.versions === 'object' && value.versions !== null)
		return value as Document;
	throw new SlipwayError<NpmCode>(
		'NPM_REPLY_INVALID',
		`the registry's answer for ${name} is no packument of it`,
		{
			hint: 'Look at the configured registry and at what stands between.',
		},
	);
};

const isMarked = async (target: Target, { name, version, message }: Mark, change: ChangeContext) =>
	((await readPackage(target, name, change.context))?.version(version)?.deprecated ?? '') === message;

/**
 * Deprecates a version, or lifts its deprecation: the registry takes the whole packument back (npm-cli lib/commands/deprecate.js).
 * It has no compare-and-set; the document is read right before it is sent, with nothing but the guard between.
 * @throws SlipwayError NPM_REPLY_LOST, NPM_REGISTRY_UNREACHABLE, NPM_REPLY_INVALID
 */
export const setMark = async (target: Target, mark: Mark, change: ChangeContext): Promise<Marked> => {
	const { name, version, message } = mark;
	const { context, guard } = change;
	const shown = (await readPackage(target, name, context))?.version(version);
	if (!shown) return { outcome: 'queued' };
	if ((shown.deprecated ?? '') === message) return { outcome: 'already' };
	const authorization = await target.credentials.authorize(name, 'mark', context);
	if (authorization === undefined)
		return { outcome: 'denied', reason: 'no token that may deprecate was given' };
	const path = toEscapedName(name);
	const reading = toReading(
		await target.registry.read(`${path}?write=true`, {
			context,
			authorization,
			maxBytes: MAX_PACKUMENT_BYTES,
		}),
	);
	if (reading.state === 'unknown') throw toUnreachable(name, reading.reason);
	const document = reading.state === 'found' ? toDocument(reading.value, name) : undefined;
	const entry = document?.versions[version];
	if (!entry) return { outcome: 'queued' };
	if ((entry.deprecated ?? '') === message) return { outcome: 'already' };
	entry.deprecated = message;
	await guard();
	const options = { context, authorization, value: document, command: 'deprecate' };
	const answer = classifyReply(await target.registry.write('PUT', path, options), context.clock.now());
	if (answer.kind === 'accepted') return { outcome: 'marked' };
	if ('message' in answer) return { outcome: 'denied', reason: `${answer.status} ${answer.message}` };
	await waitAsAsked(answer, context);
	if (await isMarked(target, mark, change)) return { outcome: 'marked' };
	throw toLostError(`${toKey(mark)}: deprecate`, 'reason' in answer ? answer.reason : answer.kind);
};
