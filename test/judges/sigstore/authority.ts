import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '@slipway/process';
import { writeKeyPair } from './keys.ts';

/** The files of a certificate authority with a root and an intermediate, as the public instance has. */
export interface AuthorityFiles {
	/** Intermediate, then root, PEM. */
	readonly chain: string;
	readonly root: string;
	/** The intermediate's private key. */
	readonly key: string;
}

const ROOT_EXTENSIONS = 'keyUsage=critical,keyCertSign,cRLSign';
const INTERMEDIATE_EXTENSIONS = `basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
extendedKeyUsage=codeSigning
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
`;

const runOpenssl = async (folder: string, command: string): Promise<void> => {
	const finished = await run(['openssl', ...command.split(' ')], {
		cwd: folder,
		environment: { PATH: process.env.PATH },
	});
	if (finished.code !== 0) throw new Error(`openssl ${command}: ${finished.stderr}`);
};

/** Makes the authority that Fulcio signs with: P-384 both, valid for ten years. */
export const makeAuthority = async (folder: string): Promise<AuthorityFiles> => {
	writeKeyPair(folder, 'root', 'P-384');
	const { file: key } = writeKeyPair(folder, 'intermediate', 'P-384');
	writeFileSync(join(folder, 'intermediate.ext'), INTERMEDIATE_EXTENSIONS);
	const commands = [
		`req -x509 -new -sha384 -key root.pem -days 3650 -subj /O=sigstore.test/CN=sigstore -addext ${ROOT_EXTENSIONS} -out root.crt`,
		'req -new -key intermediate.pem -subj /O=sigstore.test/CN=sigstore-intermediate -out intermediate.csr',
		'x509 -req -sha384 -in intermediate.csr -CA root.crt -CAkey root.pem -CAcreateserial -days 3650 -extfile intermediate.ext -out intermediate.crt',
	];
	for (const command of commands) await runOpenssl(folder, command);
	const root = join(folder, 'root.crt');
	const chain = join(folder, 'chain.pem');
	writeFileSync(chain, readFileSync(join(folder, 'intermediate.crt'), 'utf8') + readFileSync(root, 'utf8'));
	return { chain, root, key };
};
