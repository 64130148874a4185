import { createHash } from 'node:crypto';
import { parseJson, SlipwayError } from '@slipway/core';
import type { GateCode } from '../code.ts';
import { readCycloneDxVex } from './cyclonedx-vex.ts';
import { readOpenVex } from './open-vex.ts';
import type { VexStatement } from './statement.ts';

const MAX_VEX_BYTES = 16 * 1024 * 1024;

/**
 * The statements of a VEX document: OpenVEX 0.2.0 or CycloneDX, told apart by what they say of themselves.
 * @param name for messages and evidence
 * @throws SlipwayError GATE_VEX_INVALID, JSON_*
 */
export const parseVex = (bytes: Uint8Array, name: string): VexStatement[] => {
	const json = parseJson(bytes, name, { maxBytes: MAX_VEX_BYTES });
	const source = { name, digest: { sha256: createHash('sha256').update(bytes).digest('hex') } };
	const isCycloneDx = typeof json === 'object' && json !== null && 'bomFormat' in json;
	return isCycloneDx ? readCycloneDxVex(json, source) : readOpenVex(json, source);
};

/**
 * Reads the VEX documents that a policy names.
 * @param documents their bytes, by the path in the policy
 * @throws SlipwayError GATE_VEX_INVALID, JSON_*
 */
export const readVexDocuments = (
	paths: readonly string[],
	documents: ReadonlyMap<string, Uint8Array>,
): VexStatement[] =>
	paths.flatMap((path) => {
		const bytes = documents.get(path);
		if (bytes) return parseVex(bytes, path);
		throw new SlipwayError<GateCode>('GATE_VEX_INVALID', `expected the VEX document ${path}, got none`, {
			hint: 'Put the file beside the policy, or correct `vex` in it.',
		});
	});
