import type { Release } from '@slipway/archive';
import { toPrintable } from '@slipway/core';

/** A built Release for people: each artifact with its size and digest, and where they lie. */
export const toBuildText = ({ folder, manifest }: Release): string =>
	[
		`built ${manifest.project} ${manifest.version}`,
		...manifest.artifacts.map(
			({ name, size, digest, purl }) =>
				`  ${toPrintable(name)}, ${size} bytes, ${toPrintable(purl)}\n    sha256 ${digest.sha256}`,
		),
		`Release folder: ${folder}`,
	].join('\n');
