import { X509Certificate } from '@sigstore/core';

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

	get #der(): Buffer {
		return this.#memo('der', () => this.root.toDER());
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
			this === other || this.#der.equals(other instanceof MemoCertificate ? other.#der : other.root.toDER())
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
