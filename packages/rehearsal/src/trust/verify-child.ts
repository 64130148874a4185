import { readFile } from 'node:fs/promises';
import { readRelease } from '@slipway/archive';
import { SlipwayError, toMessage } from '@slipway/core';
import { parsePolicy } from '@slipway/core/policy';
import { openTrust, type Trust, verifyReleaseFolder } from '@slipway/verify';
import type { FolderVerdict, VerifyRequest } from './verify-folders.ts';

// Started by verifyFolders, where it can without a network, with a file of what is to be verified as its only argument.
const clock = { now: Date.now };

const opened = new Map<string, Promise<Trust>>();

const open = (file: string): Promise<Trust> => {
	const trust = opened.get(file) ?? readFile(file).then((trustedRoot) => openTrust({ trustedRoot, clock }));
	opened.set(file, trust);
	return trust;
};

const verify = async ({ folder, policyFile, trustedRootFile }: VerifyRequest): Promise<FolderVerdict> => {
	try {
		const policy = parsePolicy(await readFile(policyFile));
		const trust = await open(trustedRootFile);
		const verification = await verifyReleaseFolder(await readRelease(folder), { trust, policy, clock });
		return { verified: true, verification };
	} catch (thrown) {
		const code = thrown instanceof SlipwayError ? thrown.code : 'UNEXPECTED';
		return { verified: false, code, message: toMessage(thrown) };
	}
};

const verdicts: FolderVerdict[] = [];
const requests: readonly VerifyRequest[] = JSON.parse(await readFile(process.argv[2] ?? '', 'utf8'));
for (const request of requests) verdicts.push(await verify(request));
process.stdout.write(`${JSON.stringify(verdicts)}\n`);
