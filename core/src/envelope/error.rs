//! Refusals: an enum for every operation, each refusal with the name it has in the specification and its outward code.

use super::signed::SignedError;
use crate::code::Code;
use crate::trust::TrustError;

/// Gives an error enum its stable names and outward codes.
macro_rules! refusals {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $id:literal, $code:ident, $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum $name { $($(#[$vdoc])* #[error($text)] $variant,)* }

        impl $name {
            /// Every refusal of this operation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The refusal's name in the specification and the vectors.
            #[must_use]
            pub const fn id(self) -> &'static str { match self { $(Self::$variant => $id,)* } }

            /// The outward code.
            #[must_use]
            pub const fn code(self) -> Code { match self { $(Self::$variant => Code::$code,)* } }
        }
    };
}

refusals! {
    /// Why a head was refused.
    HeadError {
        /// Does not begin with the magic.
        NotAnEnvelope = "not-an-envelope", NotProtected, "not an envelope";
        /// A version this software does not know.
        UnknownVersion = "unknown-version", UnknownVersion, "unknown version of the format";
        /// The reserved field holds something.
        ReservedNotZero = "reserved-not-zero", Damaged, "reserved field is not zero";
        /// Shorter than its own lengths say.
        Truncated = "head-truncated", Damaged, "the head is cut off";
        /// Not a positive multiple of 4,096 up to 1 MiB, or not the length of what was given.
        HeadLength = "head-length", Damaged, "invalid head length";
        /// The sections are longer than the head.
        SectionsOverflow = "sections-overflow", Damaged, "the sections do not fit the head";
        /// Longer than a metadata section can be.
        MetadataLength = "metadata-length", Damaged, "invalid metadata length";
        /// Something stands in the padding.
        PaddingNotZero = "padding-not-zero", Damaged, "the padding is not zero";
        /// Not a label section in deterministic CBOR.
        LabelCbor = "label-cbor", Damaged, "the label section is malformed";
        /// The signature algorithm is not known.
        LabelAlgorithm = "label-algorithm", SuiteRefused, "unknown signature algorithm on the label";
        /// A payload suite this software does not know.
        UnknownPayloadSuite = "unknown-payload-suite", SuiteRefused, "unknown payload suite";
        /// A trailer kind or binding this software does not know.
        UnknownKind = "unknown-kind", UnknownVersion, "unknown trailer kind or binding";
        /// Revision, predecessor, parent or lineage contradict each other.
        LabelInconsistent = "label-inconsistent", Damaged, "the label section contradicts itself";
        /// The mechanism is not the one the grade demands.
        Mechanism = "label-mechanism", Damaged, "the protection is not the one the grade demands";
        /// The label stands alone: there is nothing to open here.
        LabelUnbound = "label-unbound", Damaged, "an unbound label does not stand in an envelope";
        /// The signer's chain does not lead to an anchor, or was not valid.
        LabelChain = "label-chain", SignatureInvalid, "the label's signer is not trusted";
        /// The signer may not sign labels.
        LabelSigner = "label-signer", SignatureInvalid, "the label's signer may not sign labels";
        /// The signature does not hold.
        LabelSignature = "label-signature", SignatureInvalid, "the label's signature does not verify";
        /// Revision 1 was signed by another than the author at the origin.
        AuthorKey = "label-author-key", SignatureInvalid, "the first label is not signed by the author";
        /// Not a list of grants in deterministic CBOR.
        GrantsCbor = "grants-cbor", Damaged, "the grants are malformed";
        /// A key suite this software does not know.
        UnknownKeySuite = "unknown-key-suite", SuiteRefused, "unknown key suite";
        /// The grants contradict each other or the payload.
        GrantsInconsistent = "grants-inconsistent", Damaged, "the grants contradict each other";
        /// Not a list of records in deterministic CBOR.
        EvidenceCbor = "evidence-cbor", Damaged, "the evidence is malformed";
        /// The new sections need a longer head.
        NoRoom = "head-no-room", LimitExceeded, "the head has no room for this; it has to be rewritten longer";
        /// The key could not sign.
        Signing = "signing-failed", Internal, "the key could not sign";
    }
}

impl From<SignedError> for HeadError {
    fn from(error: SignedError) -> Self {
        match error {
            SignedError::Cbor => Self::LabelCbor,
            SignedError::UnknownAlgorithm => Self::LabelAlgorithm,
            SignedError::Chain(TrustError::WrongRole) => Self::LabelSigner,
            SignedError::Chain(_) => Self::LabelChain,
            SignedError::Signature => Self::LabelSignature,
            SignedError::Signing => Self::Signing,
        }
    }
}

refusals! {
    /// Why a label revision does not follow another.
    RevisionError {
        /// Not the next number.
        Number = "revision-number", Conflict, "not the next revision";
        /// Names another predecessor.
        Previous = "revision-previous", Conflict, "names another revision as its predecessor";
        /// Changes what is fixed at sealing.
        Fixed = "revision-fixed", Damaged, "changes what is fixed at sealing";
        /// The grade asks for another mechanism.
        Mechanism = "revision-mechanism", LabelInvalid, "the grade asks for another protection; the document must be re-sealed";
    }
}

refusals! {
    /// Why the parts do not fit the file.
    LayoutError {
        /// The file does not end with a footer.
        FooterMagic = "footer-magic", Damaged, "the file does not end with a footer";
        /// The signed kind demands a trailer.
        TrailerMissing = "trailer-missing", Damaged, "the trailer is missing";
        /// The signed kind says there is none.
        TrailerUnexpected = "trailer-unexpected", Damaged, "a trailer where the label says there is none";
        /// Lengths overflow or promise more than is there.
        Overrun = "layout-overrun", Damaged, "the lengths promise more than is there";
        /// No payload has this stored length.
        PayloadLength = "payload-length", Damaged, "impossible payload length";
        /// The trailer is not as long as the payload's nodes and a signature.
        TrailerLength = "trailer-length", Damaged, "the trailer does not fit the payload";
        /// Over 1 TiB with a trailer.
        TooLong = "payload-too-long", LimitExceeded, "payload over the limit";
    }
}

refusals! {
    /// Why a trailer was refused, or could not be made.
    TrailerError {
        /// Not an immutable core in deterministic CBOR, or not where the length says.
        CoreCbor = "core-cbor", Damaged, "the signed core is malformed";
        /// The signature algorithm is not known.
        CoreAlgorithm = "core-algorithm", SuiteRefused, "unknown signature algorithm on the core";
        /// The signer's chain does not lead to an anchor, or was not valid.
        CoreChain = "core-chain", SignatureInvalid, "the core's signer is not trusted";
        /// Signed by another key than the author's.
        CoreKey = "core-author-key", SignatureInvalid, "the core is not signed by the author named in the label";
        /// The signature does not hold.
        CoreSignature = "core-signature", SignatureInvalid, "the core's signature does not verify";
        /// The core is about something else: document, suite, metadata, length, salt or commitment differ.
        CoreMismatch = "core-mismatch", Damaged, "the core is about another payload";
        /// The stored nodes do not lead to the signed root.
        NodesMismatch = "nodes-mismatch", Damaged, "the stored nodes do not lead to the signed root";
        /// Blocks overlap, leave a gap or are not as many as the payload has.
        BlocksDontMeet = "blocks-dont-meet", Internal, "the blocks do not cover the payload exactly once";
        /// Over 1 TiB.
        TooLong = "trailer-too-long", LimitExceeded, "payload over the limit of a trailer";
        /// The key could not sign.
        Signing = "core-signing-failed", Internal, "the key could not sign";
    }
}

impl From<SignedError> for TrailerError {
    fn from(error: SignedError) -> Self {
        match error {
            SignedError::Cbor => Self::CoreCbor,
            SignedError::UnknownAlgorithm => Self::CoreAlgorithm,
            SignedError::Chain(_) => Self::CoreChain,
            SignedError::Signature => Self::CoreSignature,
            SignedError::Signing => Self::Signing,
        }
    }
}

refusals! {
    /// Why a grant gives no key. Says no more than it must: keys are near.
    GrantError {
        /// No grant for this authority and key.
        NotForThisKey = "grant-other-key", UnknownAuthority, "no grant for this key";
        /// The outer layer does not open: altered, or made for another document, authority, share or key.
        Outer = "grant-outer", Damaged, "the grant does not open";
        /// The inner layer does not open under the secret.
        Inner = "grant-inner", Damaged, "the wrapped key does not open";
        /// The public key is not one of its suite.
        PublicKey = "grant-public-key", SuiteRefused, "the key-encryption key is not valid";
        /// Below the accepted minimum.
        BelowMinimum = "grant-below-minimum", SuiteRefused, "a grant's suite is below the accepted minimum";
        /// Shares are missing, doubled or of different sets.
        Shares = "grant-shares", Damaged, "the shares do not make a key";
    }
}

refusals! {
    /// Why metadata was refused.
    MetadataError {
        /// Not metadata in deterministic CBOR.
        Cbor = "metadata-cbor", Damaged, "the metadata is malformed";
        /// Not a file name.
        Name = "metadata-name", Damaged, "not a plain file name";
        /// Too long or not printable.
        Text = "metadata-text", Damaged, "a text is too long or not printable";
        /// Cut short, extended, altered, or of another document.
        Damaged = "metadata-damaged", Damaged, "the metadata does not decrypt";
    }
}

refusals! {
    /// Why a piece of evidence proves nothing.
    EvidenceError {
        /// Another kind of record.
        Kind = "evidence-kind", Damaged, "another kind of record";
        /// Not a record of its kind.
        Cbor = "evidence-record-cbor", Damaged, "the record is malformed";
        /// About another document or revision.
        OtherDocument = "evidence-other-document", Damaged, "the record is about another document or revision";
        /// Not signed by the authority's own service.
        Signer = "evidence-signer", SignatureInvalid, "the record is not the authority's";
        /// Signature or chain does not hold.
        Signature = "evidence-signature", SignatureInvalid, "the record's signature does not verify";
        /// The key could not sign.
        Signing = "evidence-signing-failed", Internal, "the key could not sign";
    }
}

refusals! {
    /// Why a payload was refused although head and layout were good.
    PayloadError {
        /// The licence is for another document.
        OtherDocument = "licence-other-document", Damaged, "the licence is for another document";
        /// The licence's label says another author, suite or trailer kind.
        OtherSealing = "licence-other-sealing", Damaged, "the licence is for another sealing of the document";
        /// The licence names another root than the trailer, or one of them names none.
        RootMismatch = "licence-root", Damaged, "the content is not the one the licence names";
        /// A licence where none is needed, or none where one is.
        Licence = "licence-needed", NoLease, "an encrypted payload opens only with a licence's key";
        /// The key is not the one the payload was sealed with.
        Commitment = "commitment-mismatch", Damaged, "the key is not this payload's";
        /// A chunk is altered, moved, missing or of another file.
        Chunk = "chunk-damaged", Damaged, "a chunk of the payload is damaged";
        /// A piece is not the one the author signed.
        NotSigned = "piece-not-signed", Damaged, "a piece of the payload is not the one its author signed";
        /// No such piece.
        Range = "range", Usage, "beyond the end of the payload";
    }
}

/// An envelope did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The head.
    #[error(transparent)]
    Head(#[from] HeadError),
    /// The layout.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// The trailer.
    #[error(transparent)]
    Trailer(#[from] TrailerError),
    /// The metadata.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The grants.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The payload.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// The source could not be read.
    #[error("cannot read: {0}")]
    Io(#[from] std::io::Error),
}

impl OpenError {
    /// The refusal's name in the specification and the vectors; `io` if the source failed.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Head(e) => e.id(),
            Self::Layout(e) => e.id(),
            Self::Trailer(e) => e.id(),
            Self::Metadata(e) => e.id(),
            Self::Grant(e) => e.id(),
            Self::Payload(e) => e.id(),
            Self::Io(_) => "io",
        }
    }

    /// The outward code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Head(e) => e.code(),
            Self::Layout(e) => e.code(),
            Self::Trailer(e) => e.code(),
            Self::Metadata(e) => e.code(),
            Self::Grant(e) => e.code(),
            Self::Payload(e) => e.code(),
            Self::Io(_) => Code::Io,
        }
    }
}

refusals! {
    /// Why sealing was refused.
    SealError {
        /// The ticket's entries are not enough for 可用性2: neither replicated nor in a backup, and only one authority.
        Durability = "seal-durability", NoTicket, "availability 2 needs a ticket whose secret is durable";
        /// The ticket names no authority, too many, or one twice.
        Recipients = "seal-recipients", Usage, "the ticket's entries do not make a set of grants";
        /// The grade asks for another mechanism than the one called for.
        Grade = "seal-grade", LabelInvalid, "the grade asks for another kind of protection";
        /// A block was sealed before; its key and nonce must not be used for other content.
        Twice = "seal-block-twice", Internal, "a block can be sealed only once";
        /// More or fewer bytes than announced.
        Length = "seal-length", Usage, "the content is not as long as announced";
        /// Over the limit.
        TooLong = "seal-too-long", LimitExceeded, "content over the limit";
        /// The key-encryption key is not valid.
        PublicKey = "seal-public-key", SuiteRefused, "the key-encryption key is not valid";
        /// The provider could not encrypt.
        Cipher = "seal-cipher", Internal, "the content could not be encrypted";
        /// Head too long, or the key could not sign.
        Head = "seal-head", Internal, "the head could not be made";
        /// The trailer could not be made.
        Trailer = "seal-trailer", Internal, "the trailer could not be made";
        /// The signer of the trailer is not the author.
        Author = "seal-author", Usage, "only the author can sign the trailer";
    }
}

impl From<TrailerError> for SealError {
    fn from(error: TrailerError) -> Self {
        match error {
            TrailerError::CoreKey => Self::Author,
            TrailerError::TooLong => Self::TooLong,
            _ => Self::Trailer,
        }
    }
}
