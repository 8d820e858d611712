//! Who works on a case.

use alloc::vec::Vec;

use crate::{
    diagnosis::DiagnosisScope,
    id::{ClassId, SchoolId},
    policy::RegistryKeeper,
    wire::wire_enum,
};

wire_enum! {
    /// As what somebody works on a case.
    ///
    /// ```
    /// use eschool_core::support::Desk;
    ///
    /// assert_eq!(Desk::from("class_teacher").text_ru(), "классный руководитель");
    /// ```
    pub enum Desk {
        /// Классный руководитель.
        ClassTeacher = "class_teacher",
        /// Сотрудник, ответственный за данные родителей.
        Registrar = "registrar",
        /// Администратор школы.
        Administrator = "administrator",
        /// Техническая поддержка.
        Support = "support",
    }
}

impl Desk {
    /// The words a person reads.
    #[must_use]
    pub fn text_ru(&self) -> &str {
        match self {
            Self::ClassTeacher => "классный руководитель",
            Self::Registrar => "ответственный за данные родителей",
            Self::Administrator => "администратор школы",
            Self::Support => "техническая поддержка",
            Self::Unknown(text) => text,
        }
    }

    /// The desks a case goes through, first to last, where this keeper has the registry.
    ///
    /// ```
    /// use eschool_core::{policy::RegistryKeeper, support::Desk};
    ///
    /// let path = Desk::path(&RegistryKeeper::Registrar);
    /// assert_eq!(path, [Desk::Registrar, Desk::Administrator, Desk::Support]);
    /// ```
    #[must_use]
    pub fn path(keeper: &RegistryKeeper) -> Vec<Self> {
        let first = match keeper {
            RegistryKeeper::ClassTeacher => Some(Self::ClassTeacher),
            RegistryKeeper::Registrar => Some(Self::Registrar),
            RegistryKeeper::Unknown(_) => None,
        };
        first.into_iter().chain([Self::Administrator, Self::Support]).collect()
    }

    /// What this desk may see of the evidence; `classes` are those a class teacher leads. Nothing
    /// for a desk that this version does not know.
    ///
    /// ```
    /// use eschool_core::{diagnosis::DiagnosisScope, id::SchoolId, support::Desk};
    ///
    /// let school: SchoolId = "019379ab-0000-7000-8000-000000000001".parse()?;
    /// let scope = Desk::Registrar.scope(school, &[]);
    /// assert_eq!(scope, Some(DiagnosisScope::School(school)));
    /// # Ok::<(), uuid::Error>(())
    /// ```
    #[must_use]
    pub fn scope(&self, school: SchoolId, classes: &[ClassId]) -> Option<DiagnosisScope> {
        Some(match self {
            Self::ClassTeacher => {
                DiagnosisScope::ClassTeacher { school, classes: classes.to_vec() }
            }
            Self::Registrar | Self::Administrator => DiagnosisScope::School(school),
            Self::Support => DiagnosisScope::Support,
            Self::Unknown(_) => return None,
        })
    }
}
