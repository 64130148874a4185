import { toMessage, toPrintable } from '@slipway/core';
import { parseDocument } from 'yaml';
import { toSbomError } from '../code.ts';
import { LIMITS } from '../graph/limits.ts';
import { findUnsafeYaml } from './find-unsafe.ts';

const OPTIONS = {
	schema: 'core',
	merge: false,
	uniqueKeys: true,
	stringKeys: true,
	prettyErrors: false,
} as const;

const toText = (source: Uint8Array | string, file: string): string => {
	if (source.length > LIMITS.bytes)
		throw toSbomError(
			'SBOM_TOO_LARGE',
			`${file}: expected at most ${LIMITS.bytes} bytes, got ${source.length}`,
		);
	try {
		return typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true }).decode(source);
	} catch (cause) {
		throw toSbomError('SBOM_SOURCE_INVALID', `${file}: not valid UTF-8`, cause);
	}
};

/** A key that would reach an object's prototype when somebody copies it. */
const findUnsafeKey = (source: string): string | undefined =>
	/^[ \t]*['"]?(__proto__|constructor|prototype)['"]?[ \t]*:/m.exec(source)?.[1];

/** The parser makes an error of each bad character; collecting a stack for each would take it seconds. */
const withoutStacks = <T>(task: () => T): T => {
	const { stackTraceLimit } = Error;
	Error.stackTraceLimit = 0;
	try {
		return task();
	} finally {
		Error.stackTraceLimit = stackTraceLimit;
	}
};

/**
 * Reads a lockfile that is YAML: no anchors, aliases, tags, duplicate keys or deep nesting.
 * @throws SlipwayError SBOM_SOURCE_INVALID, SBOM_TOO_LARGE
 */
export const parseLockYaml = (source: Uint8Array | string, file: string): unknown => {
	const text = toText(source, file);
	const unsafe = findUnsafeYaml(text) ?? findUnsafeKey(text);
	if (unsafe) throw toSbomError('SBOM_SOURCE_INVALID', `${file}: line ${unsafe} is in no lockfile`);
	try {
		return withoutStacks(() => {
			const document = parseDocument(text, OPTIONS);
			const [error] = document.errors;
			if (error) throw error;
			return document.toJS({ maxAliasCount: 0 });
		});
	} catch (cause) {
		const reason = toPrintable(toMessage(cause).split('\n')[0] ?? '', 200);
		throw toSbomError('SBOM_SOURCE_INVALID', `${file}: not valid YAML: ${reason}`, cause);
	}
};
