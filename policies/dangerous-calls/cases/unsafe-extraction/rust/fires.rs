fn unpack(archive: &mut ZipArchive<File>, folder: &Path) {
    let file = archive.by_index(0)?;
    write(folder.join(file.name())); // fires
}
