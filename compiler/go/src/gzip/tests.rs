//! Streams against those of Go, and against an unpacker.

use std::io::Read;

use flate2::Crc;
use flate2::read::GzDecoder;
use proptest::prelude::*;

use super::Gzip;

fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    (0..length).map(|_| next()).collect()
}

/// Letters with frequencies far apart.
fn skewed(length: usize) -> Vec<u8> {
    noise(2 * length)
        .chunks(2)
        .map(|pair| (u16::from_le_bytes([pair[0], pair[1]]) | 1 << 14).trailing_zeros() as u8)
        .collect()
}

fn lines(count: usize) -> Vec<u8> {
    let numbers = noise(count);
    numbers.iter().enumerate().flat_map(|(at, byte)| format!("key{at} = {byte}\n").into_bytes()).collect()
}

/// Contents with one token for each byte: no four bytes come twice.
fn unlike(length: usize) -> Vec<u8> {
    (0_u32..).flat_map(|count| count.wrapping_mul(0x9e37_79b1).to_be_bytes()).take(length).collect()
}

fn unpacked(stream: &[u8]) -> Vec<u8> {
    let mut contents = Vec::new();
    GzDecoder::new(stream).read_to_end(&mut contents).expect("gzip");
    contents
}

#[test]
fn streams_are_those_of_go() {
    let period = |period: usize, length: usize| noise(period).into_iter().cycle().take(length).collect::<Vec<_>>();
    let cases: [(&str, Vec<u8>, usize, u32); 18] = [
        ("nothing", Vec::new(), 23, 0x0d66_e163),
        ("a byte", b"a".to_vec(), 25, 0xe1bb_cdc8),
        ("a word", b"hello, hello\n".to_vec(), 34, 0xfacb_b472),
        ("a short run", vec![b'x'; 70], 27, 0x050b_8aa8),
        ("the longest repetition", vec![b'x'; 259], 27, 0xfa6d_8a49),
        ("a long run", vec![b'x'; 200_000], 232, 0xa1f5_fcc8),
        ("noise", noise(200_000), 200_088, 0xe7e5_d92c),
        ("stored at its longest", unlike(65_535), 65_578, 0x5aef_1853),
        ("a block less a token", unlike(16_383), 16_411, 0x0bc7_7f89),
        ("a block", unlike(16_384), 16_412, 0xbcee_03a0),
        ("a block and a token", unlike(16_385), 16_414, 0xbfae_6b90),
        ("the window", period(32_768, 100_000), 33_906, 0xda06_68c7),
        ("more than the window", period(32_769, 100_000), 100_058, 0x9a15_fb5b),
        ("a buffer", period(40, 65_536), 296, 0x8e96_8885),
        ("more than a buffer", period(32_600, 131_073), 33_556, 0x64d1_f8f0),
        ("long words", skewed(50_000), 15_716, 0xa7e1_7e58),
        ("a few lines", lines(9), 84, 0x0fdd_c5e3),
        ("many lines", lines(4_000), 15_484, 0xf83f_8c27),
    ];
    let mut gzip = Gzip::default();
    for (name, contents, length, sum) in cases {
        let stream = gzip.pack(&contents, usize::MAX).expect("no limit").to_vec();
        let mut crc = Crc::new();
        crc.update(&stream);
        assert_eq!((stream.len(), crc.sum()), (length, sum), "{name}");
        assert_eq!(unpacked(&stream), contents, "{name}");
        assert_eq!(gzip.pack(&contents, length), Some(&*stream), "{name}");
        assert_eq!(gzip.pack(&contents, length - 1), None, "{name}");
    }
}

#[test]
fn a_stream_is_known_by_its_bytes() {
    let mut gzip = Gzip::default();
    let stream = gzip.pack(&[b'x'; 70], usize::MAX).expect("no limit");
    let expected = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 0xff, 0xaa, 0xa0, 0x0a, 0, 4, 0, 0, 0xff, 0xff, 0x39, 0xfe, 0x28, 0x8c, 70, 0,
        0, 0,
    ];
    assert_eq!(stream, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn streams_unpack_to_the_contents(
        parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..40), 1_usize..2_000), 0..40),
        is_text in any::<bool>(),
    ) {
        let mut contents = Vec::new();
        for (part, times) in &parts {
            let part: Vec<u8> = part.iter().map(|byte| if is_text { b'a' + byte % 7 } else { *byte }).collect();
            contents.extend(part.iter().cycle().take(if part.is_empty() { 0 } else { *times }));
        }
        let mut gzip = Gzip::default();
        for end in [contents.len(), contents.len() / 2, contents.len()] {
            let stream = gzip.pack(&contents[..end], usize::MAX).expect("no limit").to_vec();
            prop_assert_eq!(unpacked(&stream), &contents[..end]);
            prop_assert!(gzip.pack(&contents[..end], stream.len()).is_some_and(|again| again == stream));
            prop_assert!(gzip.pack(&contents[..end], stream.len() - 1).is_none());
        }
    }
}
