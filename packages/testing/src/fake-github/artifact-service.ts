import type { Blob, BlobStore } from './blob-store.ts';
import { type Handler, type Reply, toFailure, toJsonReply } from './exchange.ts';
import { type Backend, readRuntimeClaims } from './runtime-token.ts';

/** An artifact of a run, as the service holds it. */
export interface StoredArtifact extends Backend {
	readonly id: number;
	readonly name: string;
	readonly mimeType: string;
	/** `sha256:` and hexadecimal digits, as the client gave it. */
	readonly digest: string;
	readonly bytes: Buffer;
	/** ms since 1970. */
	readonly createdAt: number;
}

type Fields = Readonly<Record<string, string | number | undefined>>;

const TWIRP = '/twirp/github.actions.results.api.v1.ArtifactService/';
/** Names that would be no file names somewhere (actions/toolkit, artifact). */
const BAD_NAME = /["\\:<>|*?\r\n/]/;
const CLASH = 'an artifact with this name already exists on the workflow run';

interface Held {
	readonly artifact: StoredArtifact;
	readonly blob: Blob;
}

interface Means {
	readonly blobs: BlobStore;
	readonly now: () => number;
	/** Told of every artifact that is complete. */
	readonly onStored?: ((artifact: StoredArtifact) => void) | undefined;
}

/**
 * GitHub's artifact service of version 4 and later, for any number of runs: names are unique in a run over all its
 * attempts, artifacts immutable, deleted ones gone.
 */
export class ArtifactService {
	readonly #means: Means;
	readonly #uploads: (Backend & { readonly blob: Blob })[] = [];
	#held: readonly Held[] = [];
	#nextId = 1;

	constructor(means: Means) {
		this.#means = means;
	}

	/** Of one run, or of all. */
	list(run?: string): StoredArtifact[] {
		const all = this.#held.map(({ artifact, blob }) => ({
			...artifact,
			bytes: blob.bytes ?? artifact.bytes,
		}));
		return all.filter((artifact) => run === undefined || artifact.run === run);
	}

	/** Puts other bytes into the place of an artifact, as somebody with rights over the storage could. */
	tamper(name: string, bytes: Uint8Array): void {
		const found = this.#held.findLast(({ artifact }) => artifact.name === name);
		if (!found) throw new Error(`no artifact ${name}`);
		found.blob.bytes = Buffer.from(bytes);
	}

	/** Forgets the artifacts of a run, as the re-run of all its jobs does; without a name, of all runs. */
	clear(run?: string): void {
		this.#held = this.#held.filter(({ artifact }) => run !== undefined && artifact.run !== run);
	}

	readonly handler: Handler = (received) => {
		if (!received.path.startsWith(TWIRP)) return undefined;
		const claims = readRuntimeClaims(received);
		if (!claims) return toFailure(401, 'no runtime token', 'unauthenticated');
		const fields = JSON.parse(received.body.toString()) as Fields;
		const run = String(fields.workflow_run_backend_id ?? '');
		// Whose the other runs are is nothing that a job may learn here.
		if (run !== claims.run) return toFailure(403, 'the run is another one', 'permission_denied');
		const backend = { run, job: String(fields.workflow_job_run_backend_id ?? claims.job) };
		return this.#call(received.path.slice(TWIRP.length), fields, backend);
	};

	#call(method: string, fields: Fields, backend: Backend): Reply {
		if (method === 'CreateArtifact') return this.#create(fields, backend);
		if (method === 'FinalizeArtifact') return this.#finalize(fields, backend);
		if (method === 'ListArtifacts') return this.#listReply(fields, backend);
		if (method === 'GetSignedArtifactURL') return this.#signedUrl(fields, backend);
		if (method === 'DeleteArtifact') return this.#delete(fields, backend);
		return toFailure(404, `no method ${method}`, 'bad_route');
	}

	#find({ run }: Backend, name: unknown): Held | undefined {
		return this.#held.find(({ artifact }) => artifact.run === run && artifact.name === name);
	}

	#create({ name = '', mime_type: mimeType = 'application/zip' }: Fields, backend: Backend): Reply {
		const text = String(name);
		if (text === '' || BAD_NAME.test(text))
			return toFailure(400, 'the artifact name is not valid', 'invalid_argument');
		if (this.#find(backend, name)) return toFailure(409, CLASH, 'already_exists');
		const blob: Blob = { name: text, mediaType: String(mimeType), blocks: new Map(), bytes: undefined };
		this.#uploads.push({ ...backend, blob });
		return toJsonReply({ ok: true, signed_upload_url: this.#means.blobs.sign(blob, 'write') });
	}

	#finalize({ name, hash = '', size }: Fields, backend: Backend): Reply {
		const upload = this.#uploads.findLast((each) => each.run === backend.run && each.blob.name === name);
		if (this.#find(backend, name)) return toFailure(409, CLASH, 'already_exists');
		const bytes = upload?.blob.bytes;
		if (!upload || !bytes || String(bytes.length) !== String(size))
			return toFailure(400, 'the size of the artifact differs', 'invalid_argument');
		const { blob } = upload;
		const artifact: StoredArtifact = {
			...backend,
			id: this.#nextId++,
			name: blob.name,
			mimeType: blob.mediaType,
			digest: String(hash),
			bytes,
			createdAt: this.#means.now(),
		};
		this.#held = [...this.#held, { artifact, blob }];
		this.#means.onStored?.(artifact);
		return toJsonReply({ ok: true, artifact_id: String(artifact.id) });
	}

	#listReply({ name_filter: name, id_filter: id }: Fields, { run }: Backend): Reply {
		const found = this.list(run).filter(
			(artifact) =>
				(name === undefined || artifact.name === name) &&
				(id === undefined || String(artifact.id) === String(id)),
		);
		const artifacts = found.map((artifact) => ({
			workflow_run_backend_id: artifact.run,
			workflow_job_run_backend_id: artifact.job,
			database_id: String(artifact.id),
			name: artifact.name,
			size: String(artifact.bytes.length),
			created_at: new Date(artifact.createdAt).toISOString(),
			digest: artifact.digest,
		}));
		return toJsonReply({ artifacts });
	}

	#signedUrl({ name }: Fields, backend: Backend): Reply {
		const found = this.#find(backend, name);
		if (!found) return toFailure(404, 'artifact not found', 'not_found');
		return toJsonReply({ signed_url: this.#means.blobs.sign(found.blob, 'read') });
	}

	#delete({ name }: Fields, backend: Backend): Reply {
		const found = this.#find(backend, name);
		if (!found) return toFailure(404, 'artifact not found', 'not_found');
		this.#held = this.#held.filter((each) => each !== found);
		return toJsonReply({ ok: true, artifact_id: String(found.artifact.id) });
	}
}
