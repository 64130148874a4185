import { SlipwayError } from '@slipway/core';
import type { GateCode } from '../code.ts';

const MAX_BYTES = 1024 * 1024;

const invalid = (what: string, problem: string, cause?: unknown) =>
	new SlipwayError<GateCode>('GATE_PACKAGE_INVALID', `the control file of ${what} ${problem}`, {
		hint: 'Build the package again, with Slipway or dpkg-deb.',
		cause,
	});

const decode = (bytes: Uint8Array, what: string): string => {
	if (bytes.length > MAX_BYTES) throw invalid(what, `is larger than ${MAX_BYTES} bytes`);
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch (cause) {
		throw invalid(what, 'is not UTF-8', cause);
	}
};

/** Fields of a package by lower-case name (deb822(5): names do not depend on case). */
export type Control = ReadonlyMap<string, string>;

/**
 * The one stanza of a control file. Anything that two readers could take for two stanzas or two values is refused.
 * @throws SlipwayError GATE_PACKAGE_INVALID
 */
export const parseControl = (bytes: Uint8Array, what: string): Control => {
	const lines = decode(bytes, what)
		.replace(/(?<!\n)\n+$/, '')
		.split('\n');
	const fields = new Map<string, string>();
	let name: string | undefined;
	for (const line of lines) {
		if (line.startsWith('#')) continue;
		if (line.trim() === '') throw invalid(what, 'has more than one stanza');
		if (/^[ \t]/.test(line)) {
			if (name === undefined) throw invalid(what, 'begins with a continued line');
			fields.set(name, `${fields.get(name)}\n${line}`);
			continue;
		}
		const colon = line.indexOf(':');
		name = line.slice(0, colon).toLowerCase();
		if (colon < 1 || /[^!-~]/.test(name)) throw invalid(what, 'has a line that is no field');
		if (fields.has(name)) throw invalid(what, `has ${name} twice`);
		fields.set(name, line.slice(colon + 1).trim());
	}
	return fields;
};
