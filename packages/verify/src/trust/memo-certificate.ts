import { ASN1Obj, X509Certificate } from '@sigstore/core';
import { toFlat, toOpen } from './flat-node.ts';

type Extensions = Pick<
	X509Certificate,
	'extAuthorityKeyID' | 'extSubjectKeyID' | 'extBasicConstraints' | 'extSubjectAltName' | 'isCA'
>;

/**
 * A certificate that remembers what is dear to compute: its DER pieces, its extensions, and which issuers signed it.
 * The authorities of a trusted root are the same for every bundle.
 */
export class MemoCertificate extends X509Certificate {
	readonly #values = new Map<string, unknown>();
	readonly #issuers = new Map<X509Certificate | undefined, boolean>();

	#memo<T>(name: string, compute: () => T): T {
		if (!this.#values.has(name)) this.#values.set(name, compute());
		return this.#values.get(name) as T;
	}

	constructor(root: ASN1Obj) {
		super(toFlat(root));
	}

	get der(): Buffer {
		return this.#memo('der', () => this.root.toDER());
	}

	/** A copy from whose list of extensions one can be taken out: what a certificate log signed has none of its own. */
	override clone(): X509Certificate {
		const [tbs, ...rest] = this.root.subs;
		if (tbs === undefined) return super.clone();
		const parts = tbs.subs.map((part) => {
			const [list] = part.subs;
			return part.tag.isContextSpecific(3) && list ? toOpen(part, [toOpen(list)]) : part;
		});
		return new X509Certificate(toOpen(this.root, [toOpen(tbs, parts), ...rest]));
	}

	override get publicKey(): Buffer {
		return this.#memo('publicKey', () => super.publicKey);
	}

	override get notBefore(): Date {
		return this.#memo('notBefore', () => super.notBefore);
	}

	override get notAfter(): Date {
		return this.#memo('notAfter', () => super.notAfter);
	}

	override get extAuthorityKeyID(): Extensions['extAuthorityKeyID'] {
		return this.#memo('authority', () => super.extAuthorityKeyID);
	}

	override get extSubjectKeyID(): Extensions['extSubjectKeyID'] {
		return this.#memo('subject', () => super.extSubjectKeyID);
	}

	override get extBasicConstraints(): Extensions['extBasicConstraints'] {
		return this.#memo('constraints', () => super.extBasicConstraints);
	}

	override get extSubjectAltName(): Extensions['extSubjectAltName'] {
		return this.#memo('name', () => super.extSubjectAltName);
	}

	override get isCA(): boolean {
		return this.#memo('isCA', () => super.isCA);
	}

	override equals(other: X509Certificate): boolean {
		return (
			this === other || this.der.equals(other instanceof MemoCertificate ? other.der : other.root.toDER())
		);
	}

	override verify(issuer?: X509Certificate): boolean {
		const known = this.#issuers.get(issuer);
		if (known !== undefined) return known;
		const verified = super.verify(issuer);
		this.#issuers.set(issuer, verified);
		return verified;
	}
}

/** @throws Error for bytes that are no certificate */
export const parseCertificate = (der: Uint8Array): MemoCertificate =>
	new MemoCertificate(ASN1Obj.parseBuffer(Buffer.from(der)));
