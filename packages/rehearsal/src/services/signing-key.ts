import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateSigningKey } from '@slipway/deb';

/** Makes the key that signs the embedded apt repositories, for this rehearsal only. */
export const writeSigningKey = async (
	folder: string,
): Promise<{ readonly keyFile: string; readonly publicKey: string }> => {
	const { privateKey, publicKey } = await generateSigningKey({
		name: 'Slipway rehearsal',
		email: 'rehearsal@localhost.localdomain',
		days: 366,
	});
	const keyFile = join(folder, 'signing-key.asc');
	await mkdir(folder, { recursive: true });
	await writeFile(keyFile, privateKey, { mode: 0o600 });
	return { keyFile, publicKey };
};
