//! The operator changes the keys of the key file.

use std::io::Write;

use eschool_store::{
    Store, StoreError,
    secret::{KeyId, Keys, KeysError},
};

use crate::{
    cli::KeysTask,
    progress::Shown,
    start::{Database, Installation, StartError},
    view::number::counted,
};

/// How many rows are gone through before it is shown how far it is.
const PORTION: u32 = 5000;

const ROWS: [&str; 3] = ["строка", "строки", "строк"];

/// Does a chore and prints what is to be done next.
///
/// # Errors
/// [`StartError::KeyChange`] for a step out of order, [`StartError::KeyNeeded`] where rows would be lost.
pub async fn run(
    installation: &Installation,
    task: KeysTask,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    match task {
        KeysTask::List => list(&installation.folder.keys()?, out)?,
        KeysTask::RotateLookup => {
            let id = installation.change_keys(|keys| {
                keys.rotate_lookup(&mut |bytes| installation.ambient.fill(bytes))
            })?;
            writeln!(
                out,
                "Ключ поиска {id} добавлен: по нему ищут, но им ещё ничего не записано."
            )?;
            writeln!(
                out,
                "Дальше: положите новый файл ключей каждой программе, которая работает с этой базой, \
                 и перезапустите их все. Потом – portal keys begin-lookup."
            )?;
        }
        KeysTask::BeginLookup => {
            let id = installation.change_keys(|keys| {
                let id = waiting(keys)?;
                keys.begin_lookup(id)?;
                Ok(id)
            })?;
            // From here on a program that lacks the key does not open the database.
            anew(installation)?.check_keys().await?;
            writeln!(out, "Ключом поиска {id} теперь записывают.")?;
            writeln!(
                out,
                "Дальше: снова разложите файл ключей и перезапустите все программы. Потом – portal \
                 keys rehash."
            )?;
        }
        KeysTask::DropLookup => {
            // An older copy of the file may say of a key that was written with that it waits.
            installation.would_open(|keys| keys.drop_lookup(waiting(keys)?)).await?;
            let id = installation.change_keys(|keys| {
                let id = waiting(keys)?;
                keys.drop_lookup(id)?;
                Ok(id)
            })?;
            writeln!(out, "Ключ поиска {id} удалён: им ничего не записано.")?;
        }
        KeysTask::Rehash => {
            let unsealed = rehash(&installation.store).await?;
            writeln!(
                out,
                "Всё записано ключом поиска {}.",
                installation.folder.keys()?.writes_with()
            )?;
            if unsealed > 0 {
                tell_unsealed(unsealed, out)?;
            }
            writeln!(out, "Дальше: portal keys retire-lookup с номером прежнего ключа.")?;
        }
        KeysTask::RetireLookup { number, forget } => {
            retire_lookup(installation, KeyId(number), forget, out).await?;
        }
        KeysTask::RotateSeal => {
            let id = installation
                .change_keys(|keys| keys.rotate(&mut |bytes| installation.ambient.fill(bytes)))?;
            writeln!(out, "Ключ шифрования {id} добавлен: им теперь шифруют.")?;
            writeln!(
                out,
                "Дальше: сразу положите новый файл ключей каждой программе, которая работает с этой \
                 базой, и перезапустите их все. Потом – portal keys reseal."
            )?;
        }
        KeysTask::Reseal => {
            let mut shown = Progress::new("Шифрование");
            while let left @ 1.. = installation.store.reseal(PORTION).await? {
                shown.left("новым ключом", left);
            }
            shown.end();
            writeln!(out, "Всё зашифровано ключом {}.", installation.folder.keys()?.newest())?;
            writeln!(out, "Дальше: portal keys retire-seal с номером прежнего ключа.")?;
        }
        KeysTask::RetireSeal { number } => {
            installation.may_change_keys(|keys| keys.retire(KeyId(number)))?;
            match installation.store.reseal(0).await? {
                0 => {}
                left => return Err(StartError::KeyNeeded { id: KeyId(number), left }),
            }
            let kept = installation.folder.keep_keys(&format!("retire-seal-{number}"))?;
            installation.change_keys(|keys| keys.retire(KeyId(number)))?;
            writeln!(out, "Ключ шифрования {number} удалён из файла ключей.")?;
            writeln!(
                out,
                "Прежний файл сохранён: {}. Перезапустите все программы с новым файлом и повторите \
                 portal keys reseal: если найдутся строки с удалённым ключом, верните прежний файл. \
                 Если нет, удалите его.",
                kept.display()
            )?;
        }
    }
    Ok(out.flush()?)
}

fn list(keys: &Keys, out: &mut (dyn Write + Send)) -> Result<(), StartError> {
    for id in keys.lookup_ids() {
        let stage = match id.cmp(&keys.writes_with()) {
            std::cmp::Ordering::Less => "по нему ищут, им больше не записывают",
            std::cmp::Ordering::Equal => "им записывают",
            std::cmp::Ordering::Greater => "по нему ищут, им ещё не записывают",
        };
        writeln!(out, "Ключ поиска {id}: {stage}.")?;
    }
    for id in keys.seal_ids() {
        let stage = if id == keys.newest() {
            "им шифруют"
        } else {
            "им только расшифровывают"
        };
        writeln!(out, "Ключ шифрования {id}: {stage}.")?;
    }
    Ok(())
}

/// The lookup key that waits to be written with.
fn waiting(keys: &Keys) -> Result<KeyId, KeysError> {
    let mut ids = keys.lookup_ids();
    ids.find(|id| *id > keys.writes_with()).ok_or(KeysError::Unknown)
}

/// A store with the key file as it is now.
fn anew(installation: &Installation) -> Result<Store<Database>, StartError> {
    installation.store_with(installation.ambient.clone(), installation.zone)
}

/// Hashes everything anew; tells how many rows stay as they are.
async fn rehash(store: &Store<Database>) -> Result<u64, StoreError> {
    let mut shown = Progress::new("Ключ поиска");
    loop {
        let done = store.rehash(PORTION).await?;
        if done.left == 0 {
            shown.end();
            return Ok(done.unsealed);
        }
        shown.left("новым ключом", done.left);
    }
}

async fn retire_lookup(
    installation: &Installation,
    id: KeyId,
    forget: bool,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    installation.may_change_keys(|keys| keys.retire_lookup(id))?;
    if !forget {
        let left = installation.store.rehash(0).await?;
        if left.unsealed > 0 {
            tell_unsealed(left.unsealed, out)?;
        }
        match left.left.saturating_add(left.unsealed) {
            0 => {}
            left => return Err(StartError::KeyNeeded { id, left }),
        }
    }
    installation.change_keys(|keys| keys.retire_lookup(id))?;
    // What had a hash by that key alone goes with it.
    let forgotten = rehash(&anew(installation)?).await;
    writeln!(out, "По ключу поиска {id} больше не ищут.")?;
    if id == KeyId(1) {
        writeln!(out, "В файле он остаётся: от него зависят пароли, ссылки и журнал действий.")?;
    }
    writeln!(out, "Дальше: разложите файл ключей и перезапустите все программы.")?;
    // Of rows that do not open it is told last: the key is retired all the same.
    forgotten?;
    Ok(())
}

fn tell_unsealed(rows: u64, out: &mut (dyn Write + Send)) -> Result<(), StartError> {
    let rows = counted(rows, ROWS);
    writeln!(
        out,
        "Остаётся {rows} с прежним ключом: номера в ЕСИА, которые прежняя версия хранила без \
         шифрования. Каждая обновится, когда человек войдёт через ЕСИА; с параметром --forget они \
         будут забыты вместе с ключом."
    )?;
    Ok(())
}

/// How far a chore is that learns only as it goes what there is to do.
struct Progress {
    shown: Shown,
    done: u64,
}

impl Progress {
    fn new(chore: &'static str) -> Self {
        Self { shown: Shown::new(chore), done: 0 }
    }

    fn left(&mut self, stage: &'static str, left: u64) {
        self.done = self.done.saturating_add(PORTION.into());
        let all = self.done.saturating_add(left).max(1);
        let percent = self.done.saturating_mul(100).checked_div(all).unwrap_or(0);
        self.shown.show(stage, u8::try_from(percent).unwrap_or(100));
    }

    fn end(&self) {
        self.shown.end();
    }
}
