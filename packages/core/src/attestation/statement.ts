import * as v from 'valibot';
import { SlipwayError } from '../error.ts';
import { type Json, parseJson } from '../json.ts';
import { parseWith, record } from '../schema.ts';

export type StatementCode = 'STATEMENT_INVALID' | 'STATEMENT_VERSION_UNKNOWN';

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
export const STATEMENT_PAYLOAD_TYPE = 'application/vnd.in-toto+json';
/** Subjects that one statement may have here; more are split over several statements. */
export const MAX_SUBJECTS = 1024;

/** Algorithm to lower-case hexadecimal digest (in-toto DigestSet). */
const DigestSet = v.pipe(
	record(v.pipe(v.string(), v.maxLength(32)), v.pipe(v.string(), v.regex(/^[0-9a-f]{32,128}$/))),
	v.check((digests) => Object.keys(digests).length > 0, 'expected at least one digest'),
);

/** A file that a statement speaks of, by digest (in-toto ResourceDescriptor of a subject). */
export const StatementSubject = v.object({
	name: v.optional(v.pipe(v.string(), v.maxLength(1024))),
	digest: DigestSet,
});
export type StatementSubject = v.InferOutput<typeof StatementSubject>;

/** An in-toto Statement v1: what is claimed (predicate) about which files (subject). */
export interface Statement<Predicate extends object = object> {
	readonly _type: typeof STATEMENT_TYPE;
	readonly subject: readonly StatementSubject[];
	readonly predicateType: string;
	readonly predicate: Predicate;
}

const StatementSchema = v.object({
	_type: v.literal(STATEMENT_TYPE),
	subject: v.pipe(v.array(StatementSubject), v.minLength(1), v.maxLength(MAX_SUBJECTS)),
	predicateType: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
	predicate: v.pipe(
		v.unknown(),
		v.check((predicate) => !Array.isArray(predicate), 'expected an object, got a list'),
		record(v.string(), v.unknown()),
	),
});

/** A statement ready to be signed. */
export const toStatement = <Predicate extends object>(
	predicateType: string,
	subject: readonly StatementSubject[],
	predicate: Predicate,
): Statement<Predicate> => ({ _type: STATEMENT_TYPE, subject, predicateType, predicate });

/**
 * Reads the payload of an attestation: in-toto Statement v1 only, at most 1,024 subjects, 16 MiB.
 * @throws SlipwayError STATEMENT_INVALID, STATEMENT_VERSION_UNKNOWN, JSON_*
 */
export const parseStatement = (payload: string | Uint8Array): Statement => {
	const json: Json = parseJson(payload, 'the statement');
	const head = v.safeParse(v.object({ _type: v.string() }), json);
	if (head.success && head.output._type !== STATEMENT_TYPE) {
		throw new SlipwayError<StatementCode>(
			'STATEMENT_VERSION_UNKNOWN',
			`expected an in-toto statement of type ${STATEMENT_TYPE}, got ${JSON.stringify(head.output._type.slice(0, 200))}`,
			{ hint: 'Ask whoever signed it for a statement of in-toto v1.' },
		);
	}
	return parseWith(StatementSchema, json, {
		code: 'STATEMENT_INVALID' satisfies StatementCode,
		what: 'the statement',
		hint: 'Get the attestation again from where it was signed.',
	});
};
