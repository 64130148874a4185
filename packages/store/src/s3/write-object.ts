import type { Change } from '../store.ts';
import type { S3Answer } from './classify-reply.ts';
import { isAgain, Tries } from './patience.ts';
import { type FoundObject, readObject } from './read-object.ts';
import { toS3Error } from './s3-error.ts';
import { type Putting, sendUpload, toUpload, type Upload, type Uploader } from './upload-object.ts';

export type ObjectOutcome = 'written' | 'conflict';

type Failed = Exclude<S3Answer, { kind: 'done' }>;

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

/** Nobody can say: an error that says so, and no second write. */
const toDoubt = ({ asked }: Uploader, reason: string) =>
	toS3Error(asked, { kind: 'unknown', reason, retryAfterMs: undefined });

/** One file on its way into the bucket, and what is known of it. */
class Writing {
	readonly #uploader: Uploader;
	readonly #change: Putting;
	readonly #upload: Upload;
	readonly #tries: Tries;
	/** A try had no reply: it may have written, or may do so later. */
	#inDoubt = false;

	constructor(uploader: Uploader, change: Putting, upload: Upload) {
		this.#uploader = uploader;
		this.#change = change;
		this.#upload = upload;
		this.#tries = new Tries(uploader.patience);
	}

	/** Sent again only under its own condition, or after a look that it did not arrive: never twice blindly. */
	async run(): Promise<ObjectOutcome> {
		for (;;) {
			const answer = await sendUpload(this.#uploader, this.#upload);
			if (answer.kind === 'done') return 'written';
			if (answer.kind === 'refused') throw toS3Error(this.#uploader.asked, answer);
			const outcome = await this.#settle(answer);
			if (outcome !== undefined) return outcome;
			if (!(await this.#tries.wait(isAgain(answer) ? answer : {})))
				throw toS3Error(
					this.#uploader.asked,
					this.#inDoubt ? ({ ...answer, kind: 'unknown' } as Failed) : answer,
				);
		}
	}

	/** undefined: try again. */
	async #settle(answer: Failed): Promise<ObjectOutcome | undefined> {
		if (answer.kind === 'later') return undefined;
		if (answer.kind === 'unknown') this.#inDoubt = true;
		const isRefusedByOthers = answer.kind === 'unmet' || answer.kind === 'absent';
		if (this.#change.kind === 'replace' && isRefusedByOthers && !this.#inDoubt) return 'conflict';
		const found = await this.#look(answer);
		if (this.#isOurs(found)) return 'written';
		return this.#change.kind === 'replace' ? this.#settleReplace(found) : this.#settleOther(found);
	}

	async #look(answer: Failed): Promise<FoundObject | null> {
		const { bucket, patience, asked } = this.#uploader;
		try {
			return await readObject(bucket, this.#upload.key, { asked, patience });
		} catch (thrown) {
			if (!this.#inDoubt) throw thrown;
			throw toDoubt(this.#uploader, 'reason' in answer ? answer.reason : 'no way to look whether it arrived');
		}
	}

	#isOurs(found: FoundObject | null): boolean {
		if (found === null) return false;
		if (found.write === this.#upload.id) return true;
		return this.#change.kind !== 'replace' && isSame(found.bytes, this.#change.bytes);
	}

	#settleOther(found: FoundObject | null): ObjectOutcome | undefined {
		return this.#change.kind === 'create' && found !== null ? 'conflict' : undefined;
	}

	/** Still what it was: once more, under the same condition. Else another came before us, or after us. */
	#settleReplace(found: FoundObject | null): undefined {
		const { version } = this.#change as Extract<Change, { kind: 'replace' }>;
		if ((found?.version ?? null) === version) return undefined;
		throw toDoubt(this.#uploader, 'no reply to it, and afterwards another version there');
	}
}

/**
 * Writes one file under its condition. A lost reply is settled by reading what is there.
 * @throws SlipwayError STORE_*, and what the guard throws
 */
export const writeObject = (
	uploader: Uploader,
	change: Putting,
	{ key, headers }: { readonly key: string; readonly headers: Readonly<Record<string, string>> },
): Promise<ObjectOutcome> => new Writing(uploader, change, toUpload(change, key, headers)).run();

/** Absent already is fine. @throws SlipwayError STORE_*, and what the guard throws */
export const removeObject = async (
	{ bucket, guard, patience, asked }: Uploader,
	key: string,
): Promise<void> => {
	const tries = new Tries(patience);
	for (;;) {
		await guard();
		const answer = await bucket({ method: 'DELETE', key });
		if (answer.kind === 'done' || answer.kind === 'absent') return;
		if (!isAgain(answer)) throw toS3Error(asked, answer);
		const left = answer.kind === 'unknown' ? await bucket({ method: 'HEAD', key }) : undefined;
		if (left?.kind === 'absent') return;
		if (!(await tries.wait(answer))) throw toS3Error(asked, answer);
	}
};
