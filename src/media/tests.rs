//! Keeping and reading media, in a folder as in memory.

use std::fs;
use std::io;
use std::path::Path;

use bytes::Bytes;
use futures_util::stream::{self, Stream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{MediaStore, PutError, known, record};
use crate::clock::Clock;
use crate::content::{MAX_MEDIA_BYTES, Media, MediaKind, blob_digest};
use crate::testing;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and some more";

fn folder() -> (TempDir, MediaStore) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = MediaStore::in_folder(&folder.path().join("media")).expect("a store");
    (folder, store)
}

fn pieces(bytes: &[u8], size: usize) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
    let all: Vec<_> = bytes.chunks(size).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(all)
}

async fn read(store: &MediaStore, media: &Media, range: Option<std::ops::Range<u64>>) -> Vec<u8> {
    let bytes = store.get(&media.digest, range).await.expect("kept");
    bytes.try_collect::<Vec<_>>().await.expect("read").concat()
}

/// Every file under a folder, once what is being removed is gone.
fn files(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(files(&path));
        } else {
            all.push(path.display().to_string());
        }
    }
    all
}

#[tokio::test]
async fn a_medium_is_kept_under_its_digest_and_read_back_whole_or_in_part() {
    let (folder, disk) = folder();
    for store in [disk, MediaStore::in_memory()] {
        let kept = store.put(pieces(PNG, 3), MediaKind::Png).await.expect("kept");
        assert_eq!((kept.digest, kept.bytes), (blob_digest(PNG), PNG.len() as u64));
        assert!(store.has(&kept.digest).await.expect("asked"));
        assert_eq!(read(&store, &kept, None).await, PNG);
        assert_eq!(read(&store, &kept, Some(1..4)).await, b"PNG");
        let again = store.put(pieces(PNG, 100), MediaKind::Png).await.expect("kept again");
        assert_eq!(again, kept);
        assert!(!store.has(&blob_digest(b"other")).await.expect("asked"));
        assert!(store.get(&blob_digest(b"other"), None).await.is_err());
    }
    let digest = blob_digest(PNG).to_string();
    let place = format!("media/{}/{}", &digest[..2], &digest[2..]);
    let found = files(folder.path());
    assert_eq!(found.len(), 1);
    assert!(found[0].ends_with(&place), "{found:?}");
}

#[tokio::test]
async fn what_is_cut_too_large_or_of_another_kind_leaves_nothing() {
    let (folder, store) = folder();
    let cut = pieces(PNG, 4).chain(stream::iter([Err(io::ErrorKind::ConnectionReset.into())]));
    let refused = store.put(cut, MediaKind::Png).await;
    assert!(matches!(refused, Err(PutError::Source(_))), "{refused:?}");
    let refused = store.put(pieces(PNG, 4), MediaKind::Mp4).await;
    assert!(matches!(refused, Err(PutError::OtherKind(Some(MediaKind::Png)))), "{refused:?}");
    let refused = store.put(pieces(b"", 4), MediaKind::Png).await;
    assert!(matches!(refused, Err(PutError::OtherKind(None))), "{refused:?}");
    let large = Bytes::from([PNG, &vec![0; 1 << 20]].concat());
    let endless = stream::repeat_with(move || Ok(large.clone()));
    let refused = store.put(endless, MediaKind::Png).await;
    assert!(matches!(refused, Err(PutError::TooLarge)), "{refused:?}");
    assert_eq!(files(folder.path()), Vec::<String>::new());
}

#[tokio::test]
async fn a_stream_of_another_kind_is_refused_long_before_its_end() {
    let (_folder, store) = folder();
    let mut asked = 0;
    let nonsense = stream::repeat_with(|| {
        asked += 1;
        Ok(Bytes::from_static(&[b'x'; 1024]))
    });
    let refused = store.put(nonsense, MediaKind::Webm).await;
    assert!(matches!(refused, Err(PutError::OtherKind(None))), "{refused:?}");
    assert!(asked < 5, "{asked} kilobytes were read");
}

#[tokio::test]
async fn the_largest_medium_is_kept_and_one_byte_more_is_not() {
    let (_folder, store) = folder();
    let piece = Bytes::from(vec![0; 1 << 20]);
    let of = |bytes: u64| {
        let (whole, rest) = (bytes - 1024, piece.clone());
        let head = Bytes::from([PNG, &[0; 1024][PNG.len()..]].concat());
        let count = usize::try_from(whole >> 20).expect("few");
        let last = piece.slice(..usize::try_from(whole & 0xf_ffff).expect("few"));
        let middle = stream::iter(vec![rest; count].into_iter().map(Ok));
        stream::iter([Ok(head)]).chain(middle).chain(stream::iter([Ok(last)]))
    };
    let kept = store.put(of(MAX_MEDIA_BYTES), MediaKind::Png).await.expect("kept");
    assert_eq!(kept.bytes, MAX_MEDIA_BYTES);
    let refused = store.put(of(MAX_MEDIA_BYTES + 1), MediaKind::Png).await;
    assert!(matches!(refused, Err(PutError::TooLarge)), "{refused:?}");
}

#[tokio::test]
async fn a_medium_is_recorded_once_and_known_by_its_digest() {
    let (_folder, db) = testing::database().await;
    let tx = db.begin_write().await.expect("tx");
    let (png, odd) = (Media::of(PNG), Media::of(b"nothing"));
    let now = Clock::default().now();
    for _ in 0..2 {
        record(&tx, [png, png], now).await.expect("recorded");
    }
    record(&tx, [odd], now).await.expect_err("of no kind");
    let (one, other) = (png.digest.to_string(), odd.digest.to_string());
    let found = known(&tx, &[&one, &other]).await.expect("asked");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(one, png)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn however_a_medium_arrives_it_is_the_same(
        tail in proptest::collection::vec(any::<u8>(), 0..4096),
        size in 1_usize..700,
    ) {
        let bytes = [PNG, &tail].concat();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let kept = runtime.block_on(async {
            let store = MediaStore::in_memory();
            let kept = store.put(pieces(&bytes, size), MediaKind::Png).await.expect("kept");
            assert_eq!(read(&store, &kept, None).await, bytes);
            kept
        });
        prop_assert_eq!(kept, Media::of(&bytes));
    }
}
