import { hash } from 'node:crypto';

export const DOCUMENT_ID = 'SPDXRef-DOCUMENT';

/** SPDX 2.3, 7.2: letters, digits, dots and hyphens. The digest keeps apart what differs only in other signs. */
export const toSpdxId = (kind: 'Package' | 'File', ref: string): string => {
	const readable = ref
		.replace(/^pkg:/, '')
		.replace(/[^A-Za-z0-9.]+/g, '-')
		.slice(0, 100);
	return `SPDXRef-${kind}-${readable}-${hash('sha256', ref, 'hex').slice(0, 12)}`;
};
