/** `sha512-BASE64` (Subresource Integrity) as lower-case hexadecimal digits; undefined where it names no whole sha512. */
export const parseSha512 = (integrity: string | undefined): string | undefined => {
	const base64 = integrity
		?.split(/[ \t]+/)
		.map((part) => /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(part)?.[1])
		.find((part) => part !== undefined);
	return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('hex');
};

/** @param sha512 hexadecimal */
export const toIntegrity = (sha512: string): string =>
	`sha512-${Buffer.from(sha512, 'hex').toString('base64')}`;
