import { createHash, randomUUID } from 'node:crypto';
import { type Handler, type Received, type Reply, toJsonReply } from './exchange.ts';

/** An artifact of the run, as the service holds it. */
export interface StoredArtifact {
	readonly id: number;
	readonly name: string;
	readonly mimeType: string;
	/** `sha256:` and hexadecimal digits, as the client gave it. */
	readonly digest: string;
	readonly bytes: Buffer;
}

interface Upload {
	readonly mimeType: string;
	readonly blocks: Map<string, Buffer>;
	bytes: Buffer | undefined;
}

type Fields = Readonly<Record<string, string | undefined>>;

const TWIRP = '/twirp/github.actions.results.api.v1.ArtifactService/';
const BACKEND = { workflow_run_backend_id: 'run', workflow_job_run_backend_id: 'job' };

const toFailure = (status: number, msg: string): Reply => toJsonReply({ code: 'failed', msg }, status);

/** The blocks of a block list, in its order (Azure "Put Block List"). */
const toBlockIds = (body: Buffer): string[] =>
	[...body.toString().matchAll(/<(?:Latest|Uncommitted)>([^<]*)</g)].map(([, id = '']) => id);

/** Artifact service and blob storage of one run: names are unique, artifacts immutable (v4 and later). */
export class ArtifactService {
	readonly #origin: () => string;
	readonly #uploads = new Map<string, Upload>();
	readonly #stored = new Map<string, StoredArtifact>();

	constructor(origin: () => string) {
		this.#origin = origin;
	}

	list(): StoredArtifact[] {
		return [...this.#stored.values()];
	}

	/** Puts other bytes into the place of an artifact, as somebody with rights over the storage could. */
	tamper(name: string, bytes: Uint8Array): void {
		const found = this.#stored.get(name);
		if (!found) throw new Error(`no artifact ${name}`);
		this.#stored.set(name, { ...found, bytes: Buffer.from(bytes) });
	}

	readonly handler: Handler = (received) => {
		if (received.path.startsWith('/blob/')) return this.#blob(received);
		if (!received.path.startsWith(TWIRP)) return undefined;
		if (!received.headers.authorization) return toFailure(401, 'no runtime token');
		const fields = JSON.parse(received.body.toString()) as Fields;
		return this.#call(received.path.slice(TWIRP.length), fields);
	};

	#call(method: string, fields: Fields): Reply {
		if (method === 'CreateArtifact') return this.#create(fields);
		if (method === 'FinalizeArtifact') return this.#finalize(fields);
		if (method === 'ListArtifacts') return this.#listReply(fields);
		if (method === 'GetSignedArtifactURL') return this.#signedUrl(fields);
		return toFailure(404, `no method ${method}`);
	}

	#create({ name = '', mime_type: mimeType = 'application/zip' }: Fields): Reply {
		if (this.#stored.has(name))
			return toFailure(409, 'an artifact with this name already exists on the workflow run');
		const place = randomUUID();
		this.#uploads.set(`${name}\0${place}`, { mimeType, blocks: new Map(), bytes: undefined });
		const url = `${this.#origin()}/blob/${place}/${encodeURIComponent(name)}?sig=${randomUUID()}`;
		return toJsonReply({ ok: true, signed_upload_url: url });
	}

	#finalize({ name = '', hash = '', size }: Fields): Reply {
		const upload = [...this.#uploads].findLast(([key]) => key.startsWith(`${name}\0`))?.[1];
		if (!upload?.bytes || String(upload.bytes.length) !== size) return toFailure(400, 'size differs');
		const id = this.#stored.size + 1;
		this.#stored.set(name, { id, name, mimeType: upload.mimeType, digest: hash, bytes: upload.bytes });
		return toJsonReply({ ok: true, artifact_id: String(id) });
	}

	#listReply({ name_filter: name, id_filter: id }: Fields): Reply {
		const found = this.list().filter(
			(artifact) =>
				(name === undefined || artifact.name === name) && (id === undefined || String(artifact.id) === id),
		);
		return toJsonReply({
			artifacts: found.map((artifact) => ({
				...BACKEND,
				database_id: String(artifact.id),
				name: artifact.name,
				size: String(artifact.bytes.length),
				digest: artifact.digest,
			})),
		});
	}

	#signedUrl({ name = '' }: Fields): Reply {
		if (!this.#stored.has(name)) return toFailure(404, 'not found');
		return toJsonReply({
			signed_url: `${this.#origin()}/blob/stored/${encodeURIComponent(name)}?sig=${randomUUID()}`,
		});
	}

	#blob({ method, path, query, body }: Received): Reply {
		const [, , place = '', name = ''] = path.split('/').map(decodeURIComponent);
		if (method === 'GET') return this.#download(name);
		const upload = this.#uploads.get(`${name}\0${place}`);
		if (!upload) return { status: 404 };
		const comp = query.get('comp');
		if (comp === 'block') upload.blocks.set(query.get('blockid') ?? '', body);
		else if (comp === 'blocklist')
			upload.bytes = Buffer.concat(toBlockIds(body).map((id) => upload.blocks.get(id) ?? Buffer.alloc(0)));
		else upload.bytes = body;
		return { status: 201, headers: { etag: `"${createHash('md5').update(body).digest('hex')}"` } };
	}

	#download(name: string): Reply {
		const found = this.#stored.get(name);
		if (!found) return { status: 404 };
		const headers = {
			'content-type': found.mimeType,
			'content-disposition': `attachment; filename="${found.name}"`,
		};
		return { status: 200, headers, body: found.bytes };
	}
}
